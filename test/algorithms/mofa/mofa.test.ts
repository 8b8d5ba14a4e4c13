import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orthogonalLatinHypercube } from "../../../src/algorithms/mofa/design.js";
import mofa from "../../../src/algorithms/mofa/mofa.js";
import { type Interval, nextRegion } from "../../../src/algorithms/mofa/region.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { simulate } from "../../../src/testing/simulate.js";
import { failing, randomRunsWithBudget } from "../random-runs.js";

const misled = {
  promise: "solves Branin at least as well as random search",
  reason:
    "60 trials are two rounds, and the mean of a level says little of Branin, whose dimensions only count together",
};

algorithmContract("mofa", mofa, {
  exempt: [misled],
  trace: {
    "/layers": [7, 5, 7, 6, 6, 3, 3, 2, 3, 3],
    "/lr": [0.0001261, 0.6661, 0.01047, 6.705e-5, 0.002929, 0.0008696, 0.4221, 0.0636, 1.172e-5, 0.004377],
    "/momentum": [0.5533, 0.1859, 0.7009, 0.9579, 0.3114, 0.1561, 0.7882, 0.9036, 0.3579, 0.4037],
    "/optimizer": ["rmsprop", "sgd", "adam", "rmsprop", "sgd", "adam", "rmsprop", "adam", "sgd", "sgd"],
  },
});

describe("the design", () => {
  it.each([
    [1, 5, 2, 6],
    [2, 3, 2, 4],
    [1, 7, 2, 3],
    [3, 5, 1, 9],
  ] as const)(
    "is orthogonal and a Latin hypercube: index %i, %i levels, strength %i, %i columns",
    (index, levels, strength, columns) => {
      const design = orthogonalLatinHypercube({ index, levels, strength, columns, key: ["1"] });
      expect(design.count).toBe(index * levels ** strength);
      const rows = Array.from({ length: design.count }, (_, row) => row);
      const counts = (...some: number[]) => {
        const seen = new Map<string, number>();
        for (const row of rows) {
          const key = some.map((column) => design.levels[row * columns + column]).join();
          seen.set(key, 1 + (seen.get(key) ?? 0));
        }
        return [seen.size, new Set(seen.values())];
      };
      for (let a = 0; a < columns; a++) {
        expect(counts(a)).toEqual([levels, new Set([design.count / levels])]);
        for (let b = 0; strength === 2 && b < a; b++) expect(counts(a, b)).toEqual([levels ** 2, new Set([index])]);
        const intervals = rows.map((row) => Math.floor(design.points[row * columns + a]! * design.count));
        expect(intervals.sort((x, y) => x - y)).toEqual(rows);
        for (const row of rows) {
          const at = row * columns + a;
          expect(Math.floor(design.points[at]! * levels)).toBe(design.levels[at]);
        }
      }
    },
  );
});

const whole: Interval = { low: 0, high: 1, isFrozen: false };
/** Nine points on a grid of three levels. */
const levels = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b] as const));
const points = Float64Array.from(levels.flatMap(([a, b]) => [(a + 0.5) / 3, (b + 0.5) / 3]));
const grid = { region: [whole, whole], levels: 3, points };

it("shrinks what matters to its best level, and freezes the rest", () => {
  // the objective is 3 at the first level of the first, 1 and 2 further on
  const objectives = Float64Array.from(levels, ([a, b]) => [3, 1, 2][a]! + 0.1 * b);
  // level means 3.1, 1.1, 2.1 with variance 2/3, and 2, 2.1, 2.2 with variance 1/150: the second has 1 % of the effect
  const region = nextRegion({ ...grid, threshold: 0.1, objectives });
  expect(region).toEqual([
    { low: expect.closeTo(1 / 3, 12), high: expect.closeTo(2 / 3, 12), isFrozen: false },
    { ...whole, isFrozen: true },
  ]);
  expect(nextRegion({ ...grid, threshold: 0.005, objectives })[1]).toEqual({
    low: 0,
    high: expect.closeTo(1 / 3, 12),
    isFrozen: false,
  });
});

it("finds the same region whatever the scale of the objectives, up to the largest and down to the smallest", () => {
  const objectives = levels.map(([a, b]) => [3, 1, 2][a]! + b / 16);
  const regionAt = (scale: number) =>
    nextRegion({ ...grid, threshold: 0.1, objectives: Float64Array.from(objectives, (y) => scale * y) });
  expect(regionAt(1).map(({ isFrozen }) => isFrozen)).toEqual([false, true]);
  for (const scale of [2 ** 1022, 2 ** 600, 2 ** -600, 2 ** -1060]) expect(regionAt(scale)).toEqual(regionAt(1));
});

const space = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)", "/z": "uniform(0, 1)" });
const valley = ({ "/x": x, "/y": y }: Params) => ((x as number) - 0.3) ** 2 + ((y as number) - 0.7) ** 2;

it("goes round by round: 25 rows each, with the coordinate that does not matter in the middle, and then the middle", () => {
  const level = (value: unknown) => Math.floor(5 * (value as number));
  const stairs = ({ "/x": x, "/y": y }: Params) => Math.abs(level(x) - 1) + Math.abs(level(y) - 3);
  const { trials, end } = simulate({ algorithm: mofa, space, maxTrials: 99, objective: stairs });
  expect(end).toBe("done");
  expect(trials.map(({ facts }) => facts.round)).toEqual([...Array(25).fill(0), ...Array(25).fill(1), "last"]);
  for (const { params } of trials.slice(25, 50)) {
    expect([level(params["/x"]), level(params["/y"]), params["/z"]]).toEqual([1, 3, 0.5]);
  }
  const near = (value: number) => expect.closeTo(value, 12);
  expect(trials[50]!.params).toEqual({ "/x": near(0.3), "/y": near(0.7), "/z": 0.5 });
});

it("ends when nothing matters any more", () => {
  const { trials, end } = simulate({ algorithm: mofa, space, maxTrials: 999, objective: () => 1 });
  expect(end).toBe("done");
  expect(trials.length).toBe(26);
  expect(trials.at(-1)!.params).toEqual({ "/x": 0.5, "/y": 0.5, "/z": 0.5 });
});

it("makes each row once and never gets stuck, whatever fails", () => {
  fc.assert(
    fc.property(randomRunsWithBudget, (run) => {
      const objective = failing(run, valley);
      const { trials, end } = simulate({ algorithm: mofa, space, ...run, maxBroken: 1000, objective });
      expect(["budget", "done"]).toContain(end);
      expect(new Set(trials.map(({ facts }) => JSON.stringify(facts))).size).toBe(trials.length);
    }),
    { numRuns: 40 },
  );
});

it.each([
  { index: 0 },
  { index: 1e9 },
  { n_levels: 4 },
  { n_levels: 23 },
  { strength: 3 },
  { threshold: 1 },
  { threshold: 0 },
])("refuses %o", (options) => {
  const [name] = Object.keys(options);
  expect(() => configureAlgorithm(mofa, { name: "mofa", options, space })).toThrow(name!);
});

it("refuses more dimensions than a design has columns", () => {
  const wide = parseSpace({ "/x": "uniform(0, 1, shape=21)" });
  expect(() => configureAlgorithm(mofa, { name: "mofa", options: {}, space: wide })).toThrow(/at most 20/);
  expect(configureAlgorithm(mofa, { name: "mofa", options: { strength: 1 }, space: wide }).name).toBe("mofa");
});
