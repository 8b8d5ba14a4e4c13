import { describe, expect, it } from "vitest";
import { openExperiment } from "../../src/experiment/experiment.js";
import { reachedLimit } from "../../src/experiment/search-limits.js";
import { openStorage } from "../../src/storage/registry.js";
import type { SearchLimits } from "../../src/storage/storage.js";
import { inventTrial } from "../../src/testing/invent-trial.js";

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
const reached = (objectives: readonly (number | undefined)[], limits: SearchLimits, cost?: number) =>
  reachedLimit(trials(objectives, cost), { direction: "minimize", limits });

describe("a search ends", () => {
  it("at its target", () => {
    expect(reached([3, 2], { target: 1 })).toBeUndefined();
    expect(reached([3, 1], { target: 1 })).toBe("The target 1 is reached.");
    const maximized = trials([-3, -5]);
    expect(reachedLimit(maximized, { direction: "maximize", limits: { target: 5 } })).toBe("The target 5 is reached.");
  });

  it("when nothing improves any more; broken trials and NaN are no improvements", () => {
    expect(reached([3, 2, 2], { patience: 2 })).toBeUndefined();
    expect(reached([3, 2, undefined, 2, Number.NaN], { patience: 2 })).toBe("No improvement in 2 trials.");
  });

  it("when its time is over, by the database's clock", () => {
    expect(reached([1, 1], { seconds: 2 })).toBeUndefined();
    expect(reached([1, 1, 1], { seconds: 2 })).toBe("The time of 2 seconds is over.");
  });

  it("when it has cost enough: what the programs say, else their seconds", () => {
    expect(reached([1, 1], { cost: 1.5 })).toBeUndefined();
    expect(reached([1, 1, 1], { cost: 1.5 })).toBe("The trials have cost 1.5 of 1.5.");
    expect(reached([1, 1], { cost: 20 }, 10)).toBe("The trials have cost 20 of 20.");
  });
});

it("a worker gets no more trials then", async () => {
  await using storage = await openStorage("memory:");
  const record = await storage.createExperiment({
    name: "limited",
    definition: {
      space: { "/x": "uniform(0, 1)" },
      algorithm: { name: "random", options: {} },
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
  const claim = { worker: "w", leaseMs: 1000 };
  const next = await nextTrial(claim);
  if (next.kind !== "trial") throw new Error(next.kind);
  await storage.finishTrial(next.trial, [{ name: "o", type: "objective", value: 0.25 }]);
  expect(await nextTrial(claim)).toEqual({ kind: "stopped", reason: "The target 0.5 is reached." });
});
