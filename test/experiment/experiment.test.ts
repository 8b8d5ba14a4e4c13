import { afterEach, describe, expect, it } from "vitest";
import { defineAlgorithm } from "../../src/algorithms/algorithm.js";
import { StorageError } from "../../src/errors.js";
import { type Experiment, openExperiment } from "../../src/experiment/experiment.js";
import { isDone } from "../../src/experiment/is-done.js";
import { keyedRng } from "../../src/math/rng.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Definition, Storage } from "../../src/storage/storage.js";
import type { Trial } from "../../src/trial/trial.js";

const opened: Storage[] = [];
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

interface Setup {
  readonly space?: Record<string, string>;
  readonly algorithm?: string;
  readonly maxTrials?: number;
}

async function setUp({ space = { "/x": "uniform(0, 1)" }, algorithm = "random", maxTrials = 20 }: Setup) {
  const storage = await openStorage("memory:");
  opened.push(storage);
  const definition: Definition = {
    space,
    algorithm: { name: algorithm, options: {} },
    seed: "7",
    direction: "minimize",
    metadata: { user: "tester", datetime: "", orionVersion: "", userArgs: [] },
  };
  const record = await storage.createExperiment({ name: "e", definition, maxTrials, maxBroken: 3, workingDir: "" });
  return { storage, record };
}

/** Let `workers` take, evaluate and finish trials in an order drawn from `seed`, some of them breaking. */
async function workTogether({ storage, record }: Awaited<ReturnType<typeof setUp>>, workers: number, seed: number) {
  const experiments = await Promise.all(Array.from({ length: workers }, () => openExperiment(storage, record)));
  const rng = keyedRng("order", seed);
  const running: Trial[] = [];
  const idle = new Set(experiments.keys());
  for (;;) {
    const worker = [...idle][rng.below(Math.max(1, idle.size))];
    const isStart = running.length === 0 || (worker !== undefined && rng.next() < 0.5);
    if (isStart) {
      if (worker === undefined) break;
      const next = await experiments[worker]!.nextTrial({ worker: `w${worker}`, leaseMs: 60_000 });
      if (next.kind === "trial") running.push(next.trial);
      else idle.delete(worker);
      if (running.length === 0 && idle.size === 0) break;
    } else {
      const [trial] = running.splice(rng.below(running.length), 1);
      await storage.finishTrial(trial!, [{ name: "o", type: "objective", value: rng.next() }]);
      for (const index of experiments.keys()) idle.add(index);
    }
  }
  return storage.listTrials(record.id);
}

describe("a run", () => {
  it.each(["random", "sobol", "gridsearch"])(
    "with %s makes the same set of trials for 1 and for 8 workers",
    async (algorithm) => {
      const space = { "/x": "uniform(0, 1)", "/n": "uniform(1, 3, discrete=True)" };
      const sets = [];
      for (const workers of [1, 8]) {
        const trials = await workTogether(await setUp({ algorithm, space }), workers, workers);
        sets.push(trials.map((trial) => trial.id).sort());
      }
      expect(sets[0]!.length).toBeGreaterThan(10);
      expect(sets[1]).toEqual(sets[0]);
    },
  );

  it("covers a finite space once and ends, though the budget is larger", async () => {
    for (const algorithm of ["random", "sobol", "gridsearch"]) {
      const space = { "/n": "uniform(0, 3, discrete=True)", "/c": "choices(['a', 'b'])" };
      const setup = await setUp({ algorithm, space, maxTrials: 50 });
      const trials = await workTogether(setup, 3, 1);
      expect(trials).toHaveLength(8);
      expect(trials.every((trial) => trial.status === "completed")).toBe(true);
      const { space: parsed } = await openExperiment(setup.storage, setup.record);
      expect(isDone(setup.record, parsed, await setup.storage.summarize(setup.record.id))).toBe(true);
    }
  });

  it("goes round points that were inserted by hand", async () => {
    const setup = await setUp({ space: { "/n": "uniform(0, 3, discrete=True)" }, maxTrials: 50 });
    const experiment = await openExperiment(setup.storage, setup.record);
    const first = await take(experiment);
    await setup.storage.finishTrial(first, [{ name: "o", type: "objective", value: 1 }]);
    const trials = await workTogether(setup, 2, 3);
    expect(trials.map((trial) => trial.params["/n"]).sort()).toEqual([0, 1, 2, 3]);
  });
});

it.each(["suspended", "interrupted", "new"] as const)(
  "a covered space is not done while a trial is %s, which the next worker gets",
  async (status) => {
    const { storage, record } = await setUp({ space: { "/n": "choices([1, 2])" } });
    const experiment = await openExperiment(storage, record);
    const isOver = async () => isDone(record, experiment.space, await storage.summarize(record.id));
    const [first, second] = [await take(experiment), await take(experiment)];
    await storage.finishTrial(first, [{ name: "o", type: "objective", value: 1 }]);
    await storage.releaseTrial(second, status);
    expect(await isOver()).toBe(false);
    const again = await take(experiment);
    expect(again.id).toBe(second.id);
    expect(await isOver()).toBe(false);
    await storage.finishTrial(again, [{ name: "o", type: "objective", value: 1 }]);
    expect(await isOver()).toBe(true);
  },
);

describe("an empty slot", () => {
  it("of a worker that died is filled by the next one, number and all", async () => {
    const { storage, record } = await setUp({ maxTrials: 1 });
    await storage.reserveTrial(record.id, { worker: "dead", leaseMs: 60_000 });
    const experiment = await openExperiment(storage, record);
    expect((await experiment.nextTrial({ worker: "w", leaseMs: 1000 })).kind).toBe("busy");
    const next = await experiment.nextTrial({ worker: "w", leaseMs: 1000, goneWorkers: ["dead"] });
    expect(next).toMatchObject({ kind: "trial", trial: { number: 1, status: "reserved" } });
  });

  it("of a worker whose algorithm failed is filled by the next one, number and all", async () => {
    const { storage, record } = await setUp({ algorithm: "fragile" });
    const [failing, working] = await Promise.all(
      [fragile({ failsAt: 2 }), fragile({})].map((algorithm) =>
        openExperiment(storage, record, { atHand: [algorithm] }),
      ),
    );
    expect((await take(failing!)).number).toBe(1);
    await expect(take(failing!)).rejects.toThrow("The program died.");
    expect((await take(working!)).number).toBe(2);
    expect((await take(working!)).number).toBe(3);
  });

  it("that could not be filled costs no trial: the set is the same as without the failure", async () => {
    const settings = { algorithm: "sobol", maxTrials: 5 };
    const whole = await workTogether(await setUp(settings), 1, 1);
    const { storage, record } = await setUp(settings);
    const failures = [new StorageError("The database is away.", "", { retryable: true })];
    const flaky: Storage = {
      ...storage,
      // Without a suggestion at hand, each slot is filled in a step of its own.
      reserveTrial: (id, { suggest: _, ...claim }) => storage.reserveTrial(id, claim),
      fillSlot: async (...given) => {
        const failure = failures.pop();
        if (failure !== undefined) throw failure;
        return storage.fillSlot(...given);
      },
    };
    await expect(take(await openExperiment(flaky, record))).rejects.toThrow("The database is away.");
    const trials = await workTogether({ storage, record }, 1, 1);
    expect(trials.map(({ number, id }) => [number, id])).toEqual(whole.map(({ number, id }) => [number, id]));
  });
});

const fragile = ({ failsAt }: { failsAt?: number }) =>
  defineAlgorithm({
    name: "fragile",
    summary: "Fails at one number.",
    paper: "none",
    requires: {},
    defaults: {},
    basis: "history",
    suggest: async ({ trialNumber }) => {
      if (trialNumber === failsAt) throw new Error("The program died.");
      return { kind: "params", params: { "/x": 1 / 2 ** trialNumber } };
    },
  });

async function take(experiment: Experiment): Promise<Trial> {
  const next = await experiment.nextTrial({ worker: "w", leaseMs: 60_000 });
  if (next.kind !== "trial") throw new Error(next.kind);
  return next.trial;
}
