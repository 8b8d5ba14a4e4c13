import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { openExecutor, resolveExecutor } from "../../src/executors/registry.js";
import type { Trial } from "../../src/trial/trial.js";
import { runWorker } from "../../src/worker/run-worker.js";
import type { Verdict } from "../../src/worker/verdict.js";
import { temporaryFolder } from "../temporary-folder.js";
import { completed, openBench } from "../worker/worker-bench.js";

const deaths = {
  threads: "process.exit(1)",
  processes: 'process.kill(process.pid, "SIGKILL")',
};

it.each(Object.entries(deaths))(
  "an experiment on %s has exactly its budget though one dies in mid-trial",
  async (name, death) => {
    const folder = temporaryFolder();
    const path = join(folder, "objective.mjs");
    writeFileSync(
      path,
      `export default async (number) => {
      if (number === 2) { ${death}; await new Promise(() => setInterval(() => {}, 1000)); }
      return number;
    };`,
    );
    await using executor = await openExecutor(await resolveExecutor({ executor: name }), { nWorkers: 2 });
    const evaluate = async ({ number }: Trial, signal: AbortSignal): Promise<Verdict> => {
      const url = pathToFileURL(path).href;
      const outcome = await executor.call(
        { kind: "module", url, exportName: "default", args: [number] },
        { signal, graceMs: 1000 },
      );
      if (outcome.kind === "returned") return completed(outcome.value as number);
      return { kind: "broken", failure: { reason: outcome.kind === "died" ? outcome.reason : outcome.kind } };
    };
    const { experiment, options } = await openBench({ folder, maxTrials: 6 });
    expect(await runWorker(options({ evaluate, nWorkers: 2 }))).toEqual({ kind: "done", completed: 6, broken: 1 });
    const { storage, record } = experiment;
    expect((await storage.summarize(record.id)).counts).toMatchObject({ completed: 6, broken: 1 });
  },
);
