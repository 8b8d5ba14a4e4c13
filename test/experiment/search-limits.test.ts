import { describe, expect, it } from "vitest";
import { openExperiment } from "../../src/experiment/experiment.js";
import { createLimitCheck } from "../../src/experiment/search-limits.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Definition, SearchLimits, Storage } from "../../src/storage/storage.js";
import { inventTrial } from "../../src/testing/invent-trial.js";
import type { Trial } from "../../src/trial/trial.js";

const trials = (objectives: readonly (number | undefined)[], cost?: number) =>
  objectives.map((objective, index) =>
    inventTrial({
      number: index + 1,
      id: `${index}`,
      params: {},
      objective,
      status: objective === undefined ? "broken" : "completed",
      startTime: 1000 * index,
      endTime: 1000 * index + 500,
      ...(cost === undefined ? {} : { results: [{ name: "cost", type: "statistic", value: cost }] }),
    }),
  );
/** What is said about a history: all of it at once, which must be what is said when it comes trial by trial. */
const reached = async (
  finished: readonly Trial[],
  limits: SearchLimits,
  direction: Definition["direction"] = "minimize",
) => {
  let known: readonly Trial[] = [];
  const open = () =>
    createLimitCheck({
      follow: async () => ({ revision: known.length, finished: known, pending: [] }),
      definition: { direction, limits },
    });
  const growing = open();
  for (let count = 0; count < finished.length; count++) {
    known = finished.slice(0, count);
    await growing();
  }
  known = finished;
  const reason = await open()();
  expect(await growing()).toBe(reason);
  return reason;
};

describe("a search ends", () => {
  it("at its target", async () => {
    expect(await reached(trials([3, 2]), { target: 1 })).toBeUndefined();
    expect(await reached(trials([3, 1]), { target: 1 })).toBe("The target 1 is reached.");
    expect(await reached(trials([-3, -5]), { target: 5 }, "maximize")).toBe("The target 5 is reached.");
  });

  it("when nothing improves any more; broken trials and NaN are no improvements", async () => {
    expect(await reached(trials([3, 2, 2]), { patience: 2 })).toBeUndefined();
    expect(await reached(trials([3, 2, undefined, 2, Number.NaN]), { patience: 2 })).toBe(
      "No improvement in 2 trials.",
    );
  });

  it("when its time is over, by the database's clock", async () => {
    expect(await reached(trials([1, 1]), { seconds: 2 })).toBeUndefined();
    expect(await reached(trials([1, 1, 1]), { seconds: 2 })).toBe("The time of 2 seconds is over.");
  });

  it("when it has cost enough: what the programs say, else their seconds", async () => {
    expect(await reached(trials([1, 1]), { cost: 1.5 })).toBeUndefined();
    expect(await reached(trials([1, 1, 1]), { cost: 1.5 })).toBe("The trials have cost 1.5 of 1.5.");
    expect(await reached(trials([1, 1], 10), { cost: 20 })).toBe("The trials have cost 20 of 20.");
  });
});

async function openLimited(storage: Storage, algorithm: string) {
  const record = await storage.createExperiment({
    name: "limited",
    definition: {
      space: { "/x": "uniform(0, 1)" },
      algorithm: { name: algorithm, options: {} },
      seed: "1",
      direction: "minimize",
      limits: { target: 0.5 },
      metadata: { user: "", datetime: "", orionVersion: "", userArgs: [] },
    },
    maxTrials: 9,
    maxBroken: 3,
    workingDir: "",
  });
  const { nextTrial } = await openExperiment(storage, record);
  const ask = () => nextTrial({ worker: "w", leaseMs: 1000 });
  const evaluate = async (value: number): Promise<Trial> => {
    const next = await ask();
    if (next.kind !== "trial") throw new Error(next.kind);
    await storage.finishTrial(next.trial, [{ name: "o", type: "objective", value }]);
    return next.trial;
  };
  return { experimentId: record.id, ask, evaluate };
}

it("a worker gets no more trials then, until the one that reached the target is removed", async () => {
  await using storage = await openStorage("memory:");
  const { experimentId, ask, evaluate } = await openLimited(storage, "random");
  await evaluate(0.75);
  const { id } = await evaluate(0.25);
  expect(await ask()).toEqual({ kind: "stopped", reason: "The target 0.5 is reached." });
  await storage.removeTrials(experimentId, { ids: [id] });
  await evaluate(0.5);
  expect(await ask()).toEqual({ kind: "stopped", reason: "The target 0.5 is reached." });
});

it.each(["random", "tpe"])("a change of the history is read once, for the limits and for %s", async (algorithm) => {
  await using storage = await openStorage("memory:");
  let readCount = 0;
  const counting: Storage = {
    ...storage,
    readChanges: async (...given) => {
      const changes = await storage.readChanges(...given);
      readCount += changes.trials.filter(({ status }) => status === "completed").length;
      return changes;
    },
  };
  const { ask, evaluate } = await openLimited(counting, algorithm);
  for (const value of [4, 3, 2, 1]) await evaluate(value);
  await ask();
  expect(readCount).toBe(4);
});
