import { describe, expect, it } from "vitest";
import gridsearch from "../../src/algorithms/gridsearch.js";
import { configureAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import { UsageError } from "../../src/errors.js";
import type { Params } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { simulate } from "../../src/testing/simulate.js";

type Texts = Readonly<Record<string, string>>;

function gridOf(texts: Texts, { maxTrials = Number.POSITIVE_INFINITY, options = {} } = {}): readonly Params[] {
  const { trials } = simulate({
    algorithm: gridsearch,
    options,
    space: parseSpace(texts),
    maxTrials,
    objective: () => 0,
  });
  return trials.map(({ params }) => params);
}

function configure(texts: Texts, options: Record<string, unknown>) {
  return () => configureAlgorithm(gridsearch, { name: "gridsearch", options, space: parseSpace(texts) });
}

algorithmContract("gridsearch", gridsearch, {
  trace: {
    "/layers": [1, 1, 1, 8, 8, 8],
    "/lr": [0.003162, 0.003162, 0.003162, 0.003162, 0.003162, 0.003162],
    "/momentum": [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    "/optimizer": ["adam", "sgd", "rmsprop", "adam", "sgd", "rmsprop"],
  },
});

describe("gridsearch", () => {
  it("visits the product of the levels in the order of the names, the last one changing fastest", () => {
    const grid = gridOf({ "/b": "choices(['x', 'y'])", "/a": "uniform(0, 1)" }, { options: { n_values: 3 } });
    expect(grid.map((params) => [params["/a"], params["/b"]])).toEqual([
      [0, "x"],
      [0, "y"],
      [0.5, "x"],
      [0.5, "y"],
      [1, "x"],
      [1, "y"],
    ]);
  });

  it("makes each element of a list an axis of its own", () => {
    const grid = gridOf({ "/w": "uniform(0, 1, shape=(2, 2))" }, { options: { n_values: 2 } });
    expect(grid.length).toBe(16);
    expect(grid.slice(0, 3).map((params) => params["/w"])).toEqual([
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 1],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ]);
  });

  it("is as fine as the number of trials allows", () => {
    const texts = { "/a": "uniform(0, 1)", "/b": "uniform(0, 1)", "/c": "choices([1, 2])" };
    expect(gridOf(texts, { maxTrials: 60 }).length).toBe(60); // 6 × 5 × 2
    expect(gridOf(texts, { maxTrials: 49 }).length).toBe(40); // 5 × 4 × 2
  });

  it("has at most 10 000 points when trials have no limit", () => {
    const texts = { "/a": "uniform(0, 1)", "/b": "uniform(0, 1)", "/c": "uniform(0, 1)" };
    expect(gridOf(texts).length).toBe(22 * 21 * 21);
  });

  it("lowers all numbers of levels together, but none below 1", () => {
    const options = { n_values: { "/a": 10, b: 2 } };
    const grid = gridOf({ "/a": "uniform(0, 9)", "/b": "uniform(0, 1)" }, { maxTrials: 9, options });
    expect(grid.length).toBe(9);
    expect(new Set(grid.map((params) => params["/b"]))).toEqual(new Set([0.5]));
  });

  it("takes 100 levels where n_values names no other", () => {
    expect(gridOf({ "/a": "uniform(0, 9)", "/b": "uniform(0, 1)" }, { options: { n_values: { a: 2 } } }).length).toBe(
      200,
    );
  });

  it("says how many trials the categories alone need", () => {
    const texts = { "/a": "choices([1, 2, 3])", "/b": "choices([1, 2, 3])" };
    expect(() => gridOf(texts, { maxTrials: 8 })).toThrow(
      "gridsearch needs at least 9 trials to combine all categories, and there are 8.",
    );
  });

  it.each([0, 1.5, -3, 1e300, "3", null, [3], { x: 0 }, { y: 3 }])("refuses n_values of %j", (n_values) => {
    expect(configure({ "/x": "uniform(0, 1)" }, { n_values })).toThrow(UsageError);
  });

  it("refuses a normal prior and names it", () => {
    expect(configure({ "/x": "normal(0, 1)" }, {})).toThrow(
      'gridsearch cannot divide "/x" evenly: its prior is normal.',
    );
  });
});
