import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { defineBenchmark } from "../../src/benchmarks/benchmark.js";
import { runBenchmark } from "../../src/benchmarks/run-benchmark.js";
import type { Study, StudyResult } from "../../src/benchmarks/study.js";
import { openProcessPool, type StudyPool } from "../../src/benchmarks/study-pool.js";
import { StorageError } from "../../src/errors.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";
import { isAlive, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const metadata = { user: "u", datetime: "2026-01-01T00:00:00.000Z", orionVersion: "1", userArgs: [] };
const plan = {
  problems: ["branin"],
  algorithms: [{ label: "random", choice: { name: "random", options: {} } }],
  repetitions: 2,
  trials: 1,
  workers: [1],
};
const result: StudyResult = { incumbents: [1], times: [1], minimum: 0, suggestMs: 1, broken: 0 };

/** The first study ends at once; the others run until the pool is closed, and then their processes are dead. */
function openSlowPool(): StudyPool {
  let end = (_: Error) => {};
  const closed = new Promise<never>((_, reject) => {
    end = reject;
  });
  closed.catch(() => {});
  const close = async () => end(new Error("The process of the study died (SIGKILL)."));
  const run = ({ repetition }: Study) => (repetition === 1 ? Promise.resolve(result) : closed);
  return { size: 2, run, close, [Symbol.asyncDispose]: close };
}

it("studies that run when the database is lost for another are given back, and not called broken", async () => {
  await using inner = await openStorage("memory:");
  const finishTrial: Storage["finishTrial"] = async () => {
    throw new StorageError("The disk is full.");
  };
  const storage = { ...inner, finishTrial };
  const benchmark = await defineBenchmark(storage, { name: "b", plan, metadata });
  const run = runBenchmark({
    ...{ storage, benchmark, worker: "w", leaseMs: 60_000, isGone: () => false },
    pool: openSlowPool(),
    hold: () => ({ letGo: () => {} }),
    signal: new AbortController().signal,
  });
  await expect(run).rejects.toThrow("The disk is full.");
  const trials = await inner.listTrials(benchmark.record.id);
  expect(trials.map(({ status }) => status)).toEqual(["reserved", "interrupted"]);
});

it("a process that died while nobody needed it is replaced", async () => {
  const folder = temporaryFolder();
  const [entry, told] = [join(folder, "entry.mjs"), join(folder, "pid")];
  writeFileSync(
    entry,
    `import { writeFileSync } from "node:fs";
     writeFileSync(${JSON.stringify(told)}, String(process.pid));
     process.on("message", () => process.send({ result: { broken: process.pid } }));
     process.on("disconnect", () => process.exit());`,
  );
  const study = { problem: "branin", algorithm: { name: "random", options: {} }, repetition: 1, trials: 1, workers: 1 };
  await using pool = openProcessPool({ entry, size: 1 });
  const first = await pool.run(study);
  const pid = Number(readFileSync(told, "utf8"));
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  await promisify(execFile)("true"); // of whose end Node hears after that one's
  expect(first.broken).toBe(pid);
  expect((await pool.run(study)).broken).not.toBe(pid);
});
