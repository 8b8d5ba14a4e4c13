import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { defineAlgorithm } from "../../src/algorithms/algorithm.js";
import { nameOfAlgorithm, resolveAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import { UnknownNameError, UsageError } from "../../src/errors.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { temporaryFolder } from "../temporary-folder.js";

const space = parseSpace({ "/x": "uniform(0, 1)" });

const source = (summary: string) => `
  { summary: "${summary}", paper: "https://example.org", requires: {}, defaults: { step: 1 }, basis: "history",
    suggest: () => ({ kind: "wait" }) }`;

/** Paths below the user's folder, and what is in them. */
const files: Readonly<Record<string, string>> = {
  "mine.mjs": `await null; export default ${source("A file.")};`,
  "old.cjs": `module.exports = { __esModule: true, default: ${source("Compiled.")} };`,
  "nothing.mjs": "export const suggest = 1;",
  "text.mjs": "export default 'tpe';",
  "lame.mjs": `export default { ...${source("Lame.")}, suggest: undefined };`,
  "odd.mjs": `export default { ...${source("Odd.")}, basis: "luck" };`,
  "broken.mjs": "export default {",
  "node_modules/plain/package.json": '{ "name": "plain", "main": "./lib" }',
  "node_modules/plain/lib.js": `module.exports = ${source("Plain.")};`,
  "node_modules/modern/package.json":
    '{ "exports": { ".": { "types": "./x.d.ts", "require": "./no.cjs", "import": { "default": "./yes.mjs" } }, "./other": "./other.mjs" } }',
  "node_modules/modern/yes.mjs": `export default ${source("Modern.")};`,
  "node_modules/modern/other.mjs": `export default ${source("Other.")};`,
  "node_modules/@me/scoped/package.json": '{ "exports": "./main.mjs" }',
  "node_modules/@me/scoped/main.mjs": `export default ${source("Scoped.")};`,
  "work/deep/readme.txt": "",
};

let folder: string;

beforeEach(async () => {
  folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});

const resolve = (name: string, from = "") => resolveAlgorithm({ name }, space, { directory: join(folder, from) });

describe("an algorithm from outside", () => {
  it.each([
    ["./mine.mjs", "", "A file."],
    ["../../mine.mjs", "work/deep", "A file."],
    ["./old.cjs", "", "Compiled."],
    ["plain", "", "Plain."],
    ["plain", "work/deep", "Plain."],
    ["modern", "", "Modern."],
    ["modern/other", "", "Other."],
    ["@me/scoped", "work", "Scoped."],
  ])("is found as %s from the folder %j", async (name, from, summary) => {
    const resolved = await resolve(name, from);
    expect(resolved.algorithm.summary).toBe(summary);
    expect(resolved).toMatchObject({ name, options: { seed: null, step: 1 } });
  });

  it("is found by its absolute path", async () => {
    expect((await resolve(join(folder, "mine.mjs"))).algorithm.summary).toBe("A file.");
  });

  it("has its options checked like any other", async () => {
    const choice = { name: "plain", options: { leap: 1 } };
    await expect(resolveAlgorithm(choice, space, { directory: folder })).rejects.toThrow('no option "leap"');
  });

  it.each(["missing", "./missing.mjs", "modern/missing", "..", "@me"])(
    "that does not exist, %s, is unknown",
    async (name) => {
      const error = await resolve(name).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(UnknownNameError);
      expect((error as UnknownNameError).remedy).toMatch(/^Known names: .*cmaes, .*(npm package|no such file)/);
    },
  );

  it.each([
    ["./nothing.mjs", "it has no default export"],
    ["./text.mjs", "it exports a string"],
    ["./lame.mjs", 'it has no "suggest"'],
    ["./odd.mjs", 'its "basis" is "luck" and not "index" or "history"'],
    ["./broken.mjs", "cannot be loaded"],
  ])("that is none, %s, is refused with what is wrong", async (name, fault) => {
    await expect(resolve(name)).rejects.toThrow(UsageError);
    await expect(resolve(name)).rejects.toThrow(fault);
  });

  it("is not looked for where there is no folder of a user", async () => {
    await expect(resolveAlgorithm({ name: "plain" }, space)).rejects.toThrow(UnknownNameError);
  });
});

describe("an algorithm that a program has at hand", () => {
  const algorithm = defineAlgorithm({
    name: "mine",
    summary: "At hand.",
    paper: "https://example.org",
    requires: {},
    defaults: {},
    basis: "history",
    suggest: () => ({ kind: "done" }),
  });

  it("is found by its name, before all others", async () => {
    const named = { ...algorithm, name: "random" };
    for (const own of [algorithm, named]) {
      const resolved = await resolveAlgorithm({ name: nameOfAlgorithm(own) }, space, { atHand: [own] });
      expect(resolved.algorithm.summary).toBe("At hand.");
    }
  });

  it("must be one, and have a name", () => {
    const { name: _, ...nameless } = algorithm;
    expect(() => nameOfAlgorithm(nameless)).toThrow("has no name");
    expect(() => nameOfAlgorithm({ ...algorithm, suggest: 3 } as never)).toThrow('its "suggest" is a number');
  });
});
