import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as library from "../../src/index.js";

const root = resolve(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "docs/library.md"), "utf8");

/** The programs of the guide, each with what it prints. */
const programs = [...guide.matchAll(/^```ts\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].map((match, index) => ({
  name: `program-${index + 1}`,
  line: guide.slice(0, match.index).split("\n").length,
  code: match[1]!,
  output: match[2],
}));

/** Inside of the package, so that `orion-hpo` is found under its own name. */
let folder: string;
beforeAll(() => {
  mkdirSync(join(root, "dist"), { recursive: true });
  folder = mkdtempSync(join(root, "dist/guide-"));
  for (const { name, code } of programs) writeFileSync(join(folder, `${name}.ts`), code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the guide of the library", () => {
  it("has programs whose types are right", () => {
    const compilerOptions = {
      noEmit: true,
      rootDir: "/",
      paths: { "orion-hpo": [join(root, "src/index.ts")] },
      typeRoots: [join(root, "node_modules/@types")],
    };
    const configuration = { extends: join(root, "tsconfig.json"), compilerOptions, include: ["*.ts"], exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  });

  it.each(programs)("prints what it says it prints: $name, line $line", async ({ name, code, output }) => {
    expect(output).toBeTypeOf("string");
    const desk = join(folder, name);
    mkdirSync(join(desk, "home"), { recursive: true });
    const { code: plain } = transformSync(code, { loader: "ts", target: "node20.19", format: "esm" });
    writeFileSync(join(desk, "program.mjs"), plain);
    const env = { PATH: process.env.PATH, HOME: join(desk, "home") };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["program.mjs"], { cwd: desk, env });
    expect({ stdout, stderr }).toEqual({ stdout: output, stderr: "" });
  });

  it("lists every error with its code", () => {
    const listed = [...guide.matchAll(/^\| `(\w+Error)` \| `(\w+)` \|/gm)].map(([, name, code]) => [name!, code!]);
    const classes = Object.entries(library).filter(([name]) => /Error$/.test(name) && name !== "OrionError");
    const codes = classes.map(([name, Class]) => {
      const create = Class as unknown as new (...words: unknown[]) => { readonly code: string };
      return [name, new create("what", "remedy", []).code];
    });
    expect(listed.sort()).toEqual(codes.sort());
  });
});
