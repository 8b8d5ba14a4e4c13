import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";

const root = resolve(import.meta.dirname, "../..");

it.runIf(existsSync(join(root, "dist/index.js")))(
  "the program that imports the library shares its trials with a second one (skipped before `npm run build`)",
  async () => {
    const folder = temporaryFolder();
    const env = { PATH: process.env.PATH, HOME: folder, ORION_STORAGE: `sqlite:${join(folder, "history.sqlite")}` };
    const run = () =>
      promisify(execFile)(process.execPath, [join(root, "examples/library/tune.mjs")], { cwd: folder, env });
    const outputs = (await Promise.all([run(), run()])).map(({ stdout }) => stdout);
    const counts = outputs.map((output) => Number(/^(\d+) trials here/m.exec(output)?.[1]));
    expect(counts[0]! + counts[1]!).toBe(40);
    const [, bytes] = /The best: (\d+) bytes/.exec(outputs.join())!;
    expect(Number(bytes)).toBeLessThan(1000); // of 3858
  },
);
