import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingMounts, readOnly } from "../read-only-folder.js";
import { temporaryFolder } from "../temporary-folder.js";

const library = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href);

/** Runs a program that imports the library; returns what it prints. */
function run(program: string, before: readonly string[] = []): string {
  const words = ["--import", "tsx", "--input-type=module", "-e", `import * as orion from ${library};\n${program}`];
  const [command, ...rest] = [...before, process.execPath, ...words];
  return execFileSync(command!, rest, { encoding: "utf8" });
}

it.skipIf(missingMounts !== undefined)(
  `a database that may not be written to can be looked at (${missingMounts ?? "on a read-only mount"})`,
  () => {
    const archive = join(temporaryFolder(), "archive");
    mkdirSync(archive);
    const storage = JSON.stringify(`sqlite:${join(archive, "history.sqlite")}`);
    run(`await orion.createExperiment({ name: "demo", space: { x: "uniform(0, 1)" }, storage: ${storage} });`);
    const look = (mode: string) => `
      const tell = (promise) => promise.then((found) => found.name, (error) => error.code);
      console.log(await tell(orion.getExperiment("demo", { mode: "${mode}", storage: ${storage} })));`;
    expect(run(look("r"), readOnly(archive))).toBe("demo\n");
    expect(run(look("w"), readOnly(archive))).toBe("STORAGE\n");
  },
  60_000,
);
