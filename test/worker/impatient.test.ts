import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { impatient } from "../../src/worker/impatient.js";
import { runWorker } from "../../src/worker/run-worker.js";
import { temporaryFolder } from "../temporary-folder.js";
import { completed, openBench } from "./worker-bench.js";

afterEach(() => void vi.useRealTimers());

/** Not those of Node that bring the database's answers. */
const fakeTimers = () =>
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });

const silent = () => new Promise<never>(() => {});

describe("an impatient worker", () => {
  it("waits for an answer as long as it takes, until it is told to stop", async () => {
    const stop = new AbortController();
    const { experiment } = await openBench({ folder: temporaryFolder(), storage: () => ({ summarize: silent }) });
    fakeTimers();
    const { storage } = impatient(experiment, stop.signal);
    let end = "";
    storage.summarize(experiment.record.id).catch((error: Error) => {
      end = error.message;
    });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(end).toBe("");
    stop.abort();
    await vi.advanceTimersByTimeAsync(4999);
    expect(end).toBe("");
    await vi.advanceTimersByTimeAsync(1);
    expect(end).toBe("The database memory: does not answer.");

    await vi.advanceTimersByTimeAsync(3_600_000);
    const late = expect(storage.summarize(experiment.record.id)).rejects.toMatchObject({ retryable: true });
    await vi.advanceTimersByTimeAsync(1000);
    await late;
  });

  it("does not blame the database alone for a suggestion that takes long", async () => {
    const { experiment } = await openBench({ folder: temporaryFolder() });
    fakeTimers();
    const { nextTrial } = impatient({ ...experiment, nextTrial: silent }, AbortSignal.abort());
    const refused = expect(nextTrial({ worker: "me", leaseMs: 1000 })).rejects.toThrow(
      /^The algorithm, or the database/,
    );
    await vi.advanceTimersByTimeAsync(5000);
    await refused;
  });

  it("hands on what a database answers that does", async () => {
    const { experiment } = await openBench({ folder: temporaryFolder() });
    const { storage, nextTrial } = impatient(experiment, AbortSignal.abort());
    expect((await nextTrial({ worker: "me", leaseMs: 1000 })).kind).toBe("trial");
    expect(await storage.listOwners(experiment.record.id)).toEqual(["me"]);
    await expect(storage.summarize(99)).rejects.toThrow(/not .* any more/);
  });

  it("waits for the news of a storage that is an object of a class", async () => {
    class Mine {
      #asked = 0;
      async waitForNews() {
        this.#asked++;
      }
      get asked() {
        return this.#asked;
      }
    }
    const mine = new Mine();
    const { experiment } = await openBench({ folder: temporaryFolder() });
    const storage = Object.assign(mine, { ...experiment.storage, waitForNews: mine.waitForNews });
    const hurried = impatient({ ...experiment, storage }, new AbortController().signal);
    await hurried.storage.waitForNews(experiment.record.id, { since: 0, timeoutMs: 1 });
    expect(mine.asked).toBe(1);
  });

  it("leaves nothing at a signal that lives on", async () => {
    const { signal } = new AbortController();
    const { experiment } = await openBench({ folder: temporaryFolder() });
    for (let calls = 0; calls < 3; calls++) {
      using _ = impatient(experiment, signal);
      expect(getEventListeners(signal, "abort")).toHaveLength(1);
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("leaves its result in a file when it is told to stop while nothing answers", async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const bench = await openBench({ folder, storage: () => ({ finishTrial: silent, renewLeases: silent }) });
    const experiment = impatient(bench.experiment, stop.signal);
    fakeTimers();
    const ended = runWorker({
      ...bench.options({ signal: stop.signal, evaluate: async () => completed(1), maxTrials: 1 }),
      experiment,
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(readdirSync(folder)).toEqual([]);
    stop.abort();
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    for (; !isOver; await pause(10)) await vi.advanceTimersByTimeAsync(500); // its pauses between two tries are real
    expect(await ended).toMatchObject({ kind: "interrupted", completed: 0 });
    expect(readdirSync(folder)).toHaveLength(1);
    expect(bench.told).toContain("spooled 1");
  });
});
