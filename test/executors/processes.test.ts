import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import processes from "../../src/executors/processes.js";
import { executorContract } from "../../src/testing/executor-contract.js";
import { isAlive, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

executorContract("processes", { module: processes });

it("a process that hears nothing in its endless loop, and what it started, die with a parent that is killed", async () => {
  const folder = temporaryFolder();
  const source = (file: string) => JSON.stringify(pathToFileURL(resolve(import.meta.dirname, "../../src", file)).href);
  const program = `
    import { openProcesses } from ${source("executors/processes.ts")};
    const executor = openProcesses({ nWorkers: 1, configuration: {}, directory: "/", environment: {} });
    const objective = 'import {spawn} from "node:child_process"; import {writeFileSync} from "node:fs"; export default () => {' +
      'const child = spawn("sleep", ["100"], { stdio: "ignore" });' +
      'writeFileSync("pids", process.pid + " " + child.pid + "."); for (;;); }';
    const url = "data:text/javascript," + encodeURIComponent(objective);
    const control = { signal: new AbortController().signal, graceMs: 1000 };
    await executor.call({ kind: "module", url, exportName: "default", args: [] }, control);
  `;
  const loader = pathToFileURL(resolve(import.meta.dirname, "../../node_modules/tsx/dist/loader.mjs")).href;
  const parent = spawn(process.execPath, ["--import", loader, "--input-type=module", "-e", program], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const file = join(folder, "pids");
  await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("."));
  const pids = readFileSync(file, "utf8")
    .split(" ")
    .map((text) => Number.parseInt(text, 10));
  expect(pids.map(isAlive)).toEqual([true, true]);
  parent.kill("SIGKILL");
  await until(() => !pids.some(isAlive));
});
