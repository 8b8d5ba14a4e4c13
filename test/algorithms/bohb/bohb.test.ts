import { expect, it } from "vitest";
import bohb from "../../../src/algorithms/bohb/bohb.js";
import { modelProposals } from "../../../src/algorithms/bohb/model.js";
import hyperband from "../../../src/algorithms/hyperband.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { keyedRng } from "../../../src/math/rng.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { evaluatesAgain } from "../multi-fidelity/evaluates-again.js";
import { halvingProperties } from "../multi-fidelity/halving-properties.js";

algorithmContract("bohb", bohb, {
  exempt: [evaluatesAgain],
  trace: {
    "/epochs": [1, 1, 1, 1, 1, 1, 1, 1, 1, 3],
    "/layers": [1, 3, 8, 8, 6, 5, 7, 4, 2, 1],
    "/lr": [0.02234, 6.131e-5, 0.04606, 0.001939, 0.008717, 0.1063, 0.02757, 0.001178, 8.737e-5, 0.02234],
    "/momentum": [0.4407, 0.2007, 0.2943, 0.988, 0.5468, 0.02527, 0.02816, 0.2584, 0.9698, 0.4407],
    "/optimizer": ["rmsprop", "rmsprop", "adam", "sgd", "adam", "sgd", "adam", "sgd", "adam", "rmsprop"],
  },
});
halvingProperties("bohb", bohb);

const space = parseSpace({
  "/x": "uniform(0, 1)",
  "/y": "uniform(0, 1)",
  "/c": "choices(['a', 'b', 'c'])",
  "/epochs": "fidelity(1, 9, base=3)",
});
/** Short trials see the same valley with a little less of it. */
const valley = ({ "/x": x, "/y": y, "/c": c, "/epochs": epochs }: Params) =>
  ((x as number) - 0.3) ** 2 + ((y as number) - 0.8) ** 2 + (c === "b" ? 0 : 0.3) + 1 / (epochs as number);

it("keeps the schedule of Hyperband: R = 9, η = 3", () => {
  const run = simulate({ algorithm: bohb, options: { repetitions: 1 }, space, maxTrials: 99, objective: valley });
  expect(run.end).toBe("done");
  expect(run.trials.map(({ params, facts }) => `${facts.bracket}:${params["/epochs"]}`)).toEqual([
    ...Array(9).fill("0:1"),
    ...Array(3).fill("0:3"),
    "0:9",
    ...Array(3).fill("1:3"),
    "1:9",
    ...Array(3).fill("2:9"),
  ]);
});

it("finds better configurations than Hyperband with as many trials", () => {
  const best = (algorithm: typeof bohb, seed: string) =>
    Math.min(
      ...simulate({ algorithm, space, seed, maxTrials: 110, objective: valley })
        .trials.filter(({ params }) => params["/epochs"] === 9)
        .map((trial) => trial.objective!),
    );
  const seeds = Array.from({ length: 7 }, (_, seed) => `${seed}`);
  const median = (algorithm: typeof bohb) =>
    seeds.map((seed) => best(algorithm, seed)).sort((a, b) => a - b)[3]! - 1 / 9;
  expect(median(bohb)).toBeLessThan(median(hyperband) / 2);
});

const { options } = configureAlgorithm(bohb, { name: "bohb", options: {}, space });
const proposalsAfter = (history: readonly Trial[], change: Readonly<Record<string, unknown>> = {}, start = 0) => {
  const chosen = { ...options, ...change } as unknown as Parameters<typeof modelProposals>[0]["options"];
  const context = { space, options: chosen, history, pending: [], rng: keyedRng("1"), cache: new Map() };
  return [...modelProposals(context, start)];
};
const at = (number: number, epochs: number, [x, objective]: readonly [x: number, objective: number | undefined]) =>
  inventTrial({
    number,
    id: `t${number}`,
    params: { "/c": "b", "/epochs": epochs, "/x": x, "/y": 0.5 },
    objective,
    status: objective === undefined ? "broken" : "completed",
  });
const low = Array.from({ length: 30 }, (_, i) => at(i + 1, 1, [i / 30, Math.abs(i / 30 - 0.9)]));
const high = Array.from({ length: 6 }, (_, i) => at(i + 31, 9, [i / 6, Math.abs(i / 6 - 0.1)]));
const mean = (proposals: readonly Params[]) =>
  proposals.slice(0, 10).reduce((sum, params) => sum + (params["/x"] as number) / 10, 0);

it("models the highest fidelity that has enough trials", () => {
  expect(proposalsAfter([])).toEqual([]);
  // three dimensions: a density needs four trials, and both together six
  expect(mean(proposalsAfter(low))).toBeGreaterThan(0.7);
  expect(mean(proposalsAfter([...low, ...high.slice(0, 5)]))).toBeGreaterThan(0.7);
  expect(mean(proposalsAfter([...low, ...high]))).toBeLessThan(0.5);
  expect(mean(proposalsAfter([...low, ...high], { min_points_in_model: 7 }))).toBeGreaterThan(0.7);
});

it("asks no model of the rung that a configuration starts on, unless that is the highest", () => {
  expect(proposalsAfter(low, {}, 1)).toEqual([]);
  expect(mean(proposalsAfter([...low, ...high], {}, 1))).toBeLessThan(0.5);
  expect(mean(proposalsAfter([...low, ...high], {}, 9))).toBeLessThan(0.5);
});

it("counts broken trials as the worst, or as its strategy says", () => {
  const failing = Array.from({ length: 30 }, (_, i) => at(i + 1, 1, [i / 30, i < 15 ? undefined : 1 - i / 30]));
  expect(mean(proposalsAfter(failing))).toBeGreaterThan(0.6);
  const praised = { parallel_strategy: { of_type: "StubParallelStrategy", stub_value: -1 } };
  expect(mean(proposalsAfter(failing, praised))).toBeLessThan(0.5);
});

it.each([
  { min_points_in_model: 0 },
  { top_n_percent: 100 },
  { num_samples: 0 },
  { num_samples: 1e9 },
  { random_fraction: 2 },
  { bandwidth_factor: 0 },
  { min_bandwidth: -1 },
  { parallel_strategy: "None" },
  { repetitions: 0 },
])("refuses %o", (wrong) => {
  const [name] = Object.keys(wrong);
  expect(() => configureAlgorithm(bohb, { name: "bohb", options: wrong, space })).toThrow(name!);
});

it("follows the best thousand where more are good, so that a suggestion costs the same after any number of trials", () => {
  // one in ten is good: the best thousand at 0.1, the five hundred after them at 0.9
  const history = Array.from({ length: 15_000 }, (_, i) =>
    at(i + 1, 1, [i < 1000 ? 0.1 : i < 1500 ? 0.9 : 0.4 + 0.2 * ((i * 0.618) % 1), i]),
  );
  const proposed = proposalsAfter(history, { top_n_percent: 10 }).map((params) => params["/x"] as number);
  expect(proposed.filter((x) => Math.abs(x - 0.9) < 0.05)).toEqual([]);
});
