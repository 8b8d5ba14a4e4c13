import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createEnding } from "../../src/worker/ending.js";
import { createReporter } from "../../src/worker/report.js";
import { createSettler } from "../../src/worker/settle.js";
import { temporaryFolder } from "../temporary-folder.js";
import { failing, objective, openBench } from "./worker-bench.js";

const results = { kind: "completed", results: objective(1) } as const;

async function openReporter(
  { times, retryable = true }: { times: number; retryable?: boolean },
  folder = temporaryFolder(),
) {
  const bench = await openBench({
    folder,
    storage: ({ finishTrial, releaseTrial }) => ({
      finishTrial: failing(finishTrial, { times, retryable }),
      releaseTrial: failing(releaseTrial, { times, retryable }),
    }),
  });
  const next = await bench.experiment.nextTrial({ worker: "me", leaseMs: 60_000 });
  if (next.kind !== "trial") throw new Error(next.kind);
  const stop = new AbortController();
  const reporter = createReporter(bench.options({ signal: stop.signal }));
  return { ...bench, folder, trial: next.trial, reporter, stop };
}

describe("the reporter", () => {
  it("hands results in again until the database takes them, and keeps them in a file meanwhile", async () => {
    const { reporter, trial, told, folder } = await openReporter({ times: 2 });
    const fate = reporter.finish(trial, results);
    await Promise.resolve();
    expect(readdirSync(folder)).toHaveLength(1);
    expect(await fate).toBe("completed");
    expect(readdirSync(folder)).toEqual([]);
    expect(told).toEqual(["trouble", "trouble", "recovered"]);
  });

  it("leaves results in a file when trying again is no use, or when it is told to stop", async () => {
    const hopeless = await openReporter({ times: 1, retryable: false });
    expect(await hopeless.reporter.finish(hopeless.trial, results)).toBe("spooled");
    expect(readdirSync(hopeless.folder)).toHaveLength(1);
    expect(hopeless.told).toEqual(["trouble", `spooled ${hopeless.trial.number}`]);

    const stopped = await openReporter({ times: Number.POSITIVE_INFINITY });
    stopped.stop.abort();
    expect(await stopped.reporter.finish(stopped.trial, results)).toBe("spooled");
    expect(readdirSync(stopped.folder)).toHaveLength(1);
  });

  it("goes on trying while no file takes the results either, however hopeless the database looks", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const folder = join(file, "later");
    const hopeless = { times: Number.POSITIVE_INFINITY, retryable: false };
    const { reporter, trial, told } = await openReporter(hopeless, folder);
    const fate = reporter.finish(trial, results);
    await vi.waitUntil(() => told.length > 1);
    rmSync(file);
    expect(await fate).toBe("spooled");
    expect(readdirSync(folder)).toHaveLength(1);
    expect(told.at(-1)).toBe(`spooled ${trial.number}`);
  });

  it("tells the results when neither the database nor a file has taken them before it has to stop", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const hopeless = { times: Number.POSITIVE_INFINITY, retryable: false };
    const { options, trial, told, stop } = await openReporter(hopeless, join(file, "no"));
    const reporter = createReporter({ ...options({ signal: stop.signal }), lastHopeMs: 300 });
    stop.abort();
    expect(await reporter.finish(trial, results)).toBe("nowhere");
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(`nowhere ${trial.number}`);
    // It did not end: what its program has left in its directory is the last copy.
    const ending = createEnding(() => {});
    await createSettler({ ...options({}), reporter, ending }).settle({ trial, isLost: false }, results);
    expect(told.at(-1)).toBe(`ended ${trial.number} interrupted`);
    expect(existsSync(join(file, "no"))).toBe(false);
  });

  it("says whether a lease that it gives back was still held", async () => {
    const { reporter, trial, experiment } = await openReporter({ times: 1 });
    expect(await reporter.release(trial, "interrupted")).toBe(true);
    await experiment.nextTrial({ worker: "other", leaseMs: 60_000 });
    expect(await reporter.release(trial, "broken", { reason: "late" })).toBe(false);
  });
});
