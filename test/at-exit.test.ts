import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { openInline } from "../src/executors/inline.js";
import { openProcesses } from "../src/executors/processes.js";
import { temporaryFolder } from "./temporary-folder.js";

it("has one listener for all, and none when all are taken back", async () => {
  const before = process.listenerCount("exit");
  const settings = { nWorkers: 1, configuration: {}, directory: ".", environment: {} };
  const executors = [openInline(settings), openInline(settings), openProcesses(settings)];
  expect(process.listenerCount("exit")).toBe(before + 1);
  await Promise.all(executors.map((one) => one.close()));
  expect(process.listenerCount("exit")).toBe(before);
});

it("calls what was not taken back", async () => {
  const folder = temporaryFolder();
  const file = pathToFileURL(resolve(import.meta.dirname, "../src/at-exit.ts"));
  writeFileSync(
    join(folder, "program.mts"),
    `import { atExit } from ${JSON.stringify(file)};
    for (const word of ["a", "b", "c"]) {
      const takeBack = atExit(() => console.log(word));
      if (word === "b") takeBack();
    }`,
  );
  const words = ["--import", import.meta.resolve("tsx"), join(folder, "program.mts")];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  expect(stdout).toBe("a\nc\n");
});
