import { readdirSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { EvaluationError, IdleError, StorageError } from "../../src/errors.js";
import type { Trial } from "../../src/trial/trial.js";
import { runWorker } from "../../src/worker/run-worker.js";
import type { Verdict } from "../../src/worker/verdict.js";
import { answeringAfterRenewal } from "../storage/answering-after-renewal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { completed, failing, openBench } from "./worker-bench.js";

const broken: Verdict = { kind: "broken", failure: { reason: "exit code 1" } };
const silent: Verdict = { ...broken, remedyOfMissingResult: "Report something." };

describe("a worker", () => {
  it("evaluates every trial of the budget once, several at a time", async () => {
    const { experiment, options } = await openBench({ folder: temporaryFolder(), maxTrials: 10 });
    let running = 0;
    let most = 0;
    let meet = () => {};
    const three = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const evaluate = async () => {
      most = Math.max(most, ++running);
      if (running === 3) meet();
      await three; // nobody ends before three have begun
      running--;
      return completed(1);
    };
    expect(await runWorker(options({ evaluate, nWorkers: 3 }))).toEqual({ kind: "done", completed: 10, broken: 0 });
    expect(most).toBe(3);
    expect((await experiment.storage.summarize(experiment.record.id)).counts.completed).toBe(10);
  });

  it("completes as many as it was asked to, no more", async () => {
    const { options } = await openBench({ folder: temporaryFolder(), maxTrials: 10 });
    expect(await runWorker(options({ maxTrials: 4, nWorkers: 3 }))).toMatchObject({
      kind: "worker-limit",
      completed: 4,
    });
    expect(await runWorker(options({ maxTrials: 0 }))).toMatchObject({ kind: "worker-limit", completed: 0 });
  });

  it.each([
    ["long", 2],
    ["short, of which the next ones would be taken ahead", 9],
  ])("starts no trial when a limit of the search is reached by its own; they are %s", async (_, last) => {
    const { options } = await openBench({ folder: temporaryFolder(), maxTrials: 20, limits: { target: 5 } });
    const evaluate = async ({ number }: Trial) => completed(number === last ? 0 : 10);
    expect(await runWorker(options({ evaluate }))).toMatchObject({ kind: "stopped", completed: last });
  });

  it("stops at its own limit of broken trials, and finds a broken experiment broken", async () => {
    const { options } = await openBench({ folder: temporaryFolder() });
    expect(await runWorker(options({ evaluate: async () => broken, maxBroken: 2 }))).toMatchObject({
      kind: "worker-broken",
      broken: 2,
    });
    await runWorker(options({ evaluate: async () => broken, maxBroken: 1 }));
    expect(await runWorker(options({}))).toMatchObject({ kind: "broken", completed: 0 });
  });

  it("gives up at once when the very first trial reports nothing, not when a later one does", async () => {
    const first = await openBench({ folder: temporaryFolder() });
    await expect(runWorker(first.options({ evaluate: async () => silent }))).rejects.toThrow(EvaluationError);
    const later = await openBench({ folder: temporaryFolder() });
    const verdicts = [completed(1), silent, completed(2), completed(3)];
    const end = await runWorker(later.options({ evaluate: async () => verdicts.shift()! }));
    expect(end).toEqual({ kind: "done", completed: 3, broken: 1 });
  });

  it("gives a trial back that cannot be started, takes no more, and lets the others end", async () => {
    const { experiment, options, told } = await openBench({ folder: temporaryFolder() });
    const evaluate = async ({ number }: Trial, signal: AbortSignal): Promise<Verdict> => {
      if (number === 2) throw new EvaluationError("No such program.");
      await vi.waitUntil(() => told.includes("failing"));
      return signal.aborted ? { kind: "interrupted", isByProgram: false } : completed(number);
    };
    await expect(runWorker(options({ evaluate, nWorkers: 2 }))).rejects.toThrow("No such program.");
    expect((await experiment.storage.summarize(experiment.record.id)).counts).toMatchObject({
      completed: 1,
      interrupted: 1,
      reserved: 0,
    });
    const alone = await openBench({ folder: temporaryFolder() });
    await expect(runWorker(alone.options({ evaluate: () => Promise.reject(new Error("no")) }))).rejects.toThrow("no");
    expect(alone.told).not.toContain("failing");
  });

  it("stops what runs and gives it back when it is told to stop", async () => {
    const { experiment, options, told } = await openBench({ folder: temporaryFolder() });
    const stop = new AbortController();
    const evaluate = async (_trial: unknown, signal: AbortSignal): Promise<Verdict> => {
      stop.abort();
      expect(signal.aborted).toBe(true);
      return { kind: "interrupted", isByProgram: false };
    };
    expect(await runWorker(options({ evaluate, signal: stop.signal }))).toMatchObject({ kind: "interrupted" });
    expect(told).toEqual(["started 1", "ended 1 interrupted"]);
    expect((await experiment.storage.summarize(experiment.record.id)).counts.interrupted).toBe(1);
  });

  it("takes trials ahead of time when they are short, and gives those back that it has not begun", async () => {
    const { experiment, options, told } = await openBench({ folder: temporaryFolder(), maxTrials: 100 });
    const { storage, record } = experiment;
    const stop = new AbortController();
    const evaluate = async ({ number }: Trial): Promise<Verdict> => {
      if (number < 20) return completed(number);
      // The next one was taken while this one runs.
      await vi.waitUntil(async () => (await storage.summarize(record.id)).counts.reserved === 2);
      stop.abort();
      return { kind: "interrupted", isByProgram: false };
    };
    await runWorker(options({ evaluate, signal: stop.signal }));
    expect(told).not.toContain("started 21");
    const { counts } = await storage.summarize(record.id);
    expect(counts).toMatchObject({ completed: 19, interrupted: 1, new: 1, reserved: 0 });
  });

  it("gives back what it has taken ahead when the program before it takes long, for others to run", async () => {
    const { experiment, options, told } = await openBench({ folder: temporaryFolder(), maxTrials: 21 });
    const { storage, record } = experiment;
    const evaluate = async ({ number }: Trial): Promise<Verdict> => {
      if (number !== 20) return completed(number);
      await vi.waitUntil(async () => (await storage.summarize(record.id)).counts.reserved === 2);
      let others: Trial | undefined;
      await vi.waitUntil(
        async () => {
          const next = await experiment.nextTrial({ worker: "idle", leaseMs: 60_000 });
          if (next.kind === "trial") others = next.trial;
          return others !== undefined;
        },
        { timeout: 20_000 },
      );
      expect(others).toMatchObject({ number: 21, owner: "idle" });
      expect(await storage.finishTrial(others!, [{ name: "o", type: "objective", value: 1 }])).toBe("completed");
      return completed(number);
    };
    expect(await runWorker(options({ evaluate }))).toEqual({ kind: "done", completed: 20, broken: 0 });
    expect(told).not.toContain("started 21");
  });

  it("does not count a failure of a trial that somebody else has by then", async () => {
    const { experiment, options, told } = await openBench({ folder: temporaryFolder(), maxTrials: 1 });
    const { storage, record } = experiment;
    let calls = 0;
    const evaluate = async (): Promise<Verdict> => {
      if (++calls > 1) return completed(1);
      await storage.setStatus(record.id, {}, "suspended");
      return silent;
    };
    expect(await runWorker(options({ evaluate, maxBroken: 1 }))).toEqual({ kind: "done", completed: 1, broken: 0 });
    expect(told).toContain("lost 1");
  });

  it("tells nobody that a trial is lost whose lease is renewed while its result is being stored", async () => {
    const { options, told } = await openBench({
      folder: temporaryFolder(),
      maxTrials: 1,
      storage: answeringAfterRenewal,
    });
    expect(await runWorker(options({ heartbeatMs: 3 }))).toEqual({ kind: "done", completed: 1, broken: 0 });
    expect(told).toEqual(["started 1", "ended 1 completed"]);
  });

  it("keeps results beside those of the worker that was faster", async () => {
    const { experiment, options, told } = await openBench({ folder: temporaryFolder(), maxTrials: 1 });
    const { storage, record } = experiment;
    const evaluate = async (): Promise<Verdict> => {
      await storage.setStatus(record.id, {}, "completed");
      return completed(5);
    };
    expect(await runWorker(options({ evaluate }))).toMatchObject({ kind: "done", completed: 0 });
    expect(told).toContain("late 1 kept");
    expect((await storage.listTrials(record.id))[0]!.lateResults).toMatchObject([[{ value: 5 }]]);
  });

  it("leaves the rest to others that are at work, and says so when nobody is", async () => {
    const { experiment, options } = await openBench({ folder: temporaryFolder(), maxTrials: 1 });
    await experiment.nextTrial({ worker: "other", leaseMs: 60_000 });
    expect(await runWorker(options({}))).toEqual({ kind: "left-to-others", completed: 0, broken: 0 });
    const stuck = options({ experiment: { ...experiment, nextTrial: async () => ({ kind: "waiting", revision: 0 }) } });
    const alone = { ...stuck.experiment.storage, listOwners: async () => [] };
    await expect(runWorker({ ...stuck, experiment: { ...stuck.experiment, storage: alone } })).rejects.toThrow(
      IdleError,
    );
  });

  it("goes on in a finite space when a trial of it is given back while it looks whether anybody is at work", async () => {
    let looks = 0;
    const { experiment, options } = await openBench({
      folder: temporaryFolder(),
      prior: "choices([1, 2])",
      storage: (storage) => ({
        listOwners: async (experimentId) => {
          const [theirs] = await storage.listTrials(experimentId);
          // The first look is for dead workers.
          if (looks++ > 0) await storage.releaseTrial(theirs!, "interrupted");
          return storage.listOwners(experimentId);
        },
      }),
    });
    await experiment.nextTrial({ worker: "other", leaseMs: 60_000 });
    const end = await runWorker(options({ idleTimeoutMs: 60_000 }));
    expect(end).toEqual({ kind: "exhausted", completed: 2, broken: 0 });
  });

  it("takes the trial of a dead worker at once", async () => {
    const { experiment, options } = await openBench({ folder: temporaryFolder(), maxTrials: 1 });
    await experiment.nextTrial({ worker: "dead", leaseMs: 60_000 });
    expect(await runWorker(options({ isGone: (worker) => worker === "dead" }))).toMatchObject({
      kind: "done",
      completed: 1,
    });
  });

  it("waits for a database that is away, and gives up after the idle timeout", async () => {
    const soon = await openBench({
      folder: temporaryFolder(),
      storage: ({ reserveTrial }) => ({ reserveTrial: failing(reserveTrial, { times: 1 }) }),
    });
    expect(await runWorker(soon.options({ idleTimeoutMs: 60_000 }))).toMatchObject({ kind: "done", completed: 3 });
    expect(soon.told.slice(0, 3)).toEqual(["trouble", "recovered", "started 1"]);
    const never = await openBench({
      folder: temporaryFolder(),
      storage: ({ reserveTrial }) => ({ reserveTrial: failing(reserveTrial, { times: Number.POSITIVE_INFINITY }) }),
    });
    await expect(runWorker(never.options({ idleTimeoutMs: 0 }))).rejects.toThrow(StorageError);
  });

  it("lets running scripts end when the database is lost for good, and keeps their results", async () => {
    const folder = temporaryFolder();
    let isLost = false;
    const { options, told } = await openBench({
      folder,
      storage: (storage) => ({
        reserveTrial: async (...words) => {
          if (isLost) throw new StorageError("Not writable.");
          return await storage.reserveTrial(...words);
        },
        finishTrial: async () => {
          isLost = true;
          throw new StorageError("Not writable.");
        },
      }),
    });
    let beginSecond = () => {};
    const secondBegins = new Promise<void>((resolve) => {
      beginSecond = resolve;
    });
    const evaluate = async ({ number }: Trial, signal: AbortSignal): Promise<Verdict> => {
      if (number === 1) await secondBegins;
      else beginSecond();
      // The second one goes on for a while after the first one has failed to report.
      for (let turn = 0; number === 2 && turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      return signal.aborted ? { kind: "interrupted", isByProgram: false } : completed(number);
    };
    await expect(runWorker(options({ evaluate, nWorkers: 2 }))).rejects.toThrow("Not writable.");
    expect(told.filter((text) => text.startsWith("spooled"))).toEqual(["spooled 1", "spooled 2"]);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
