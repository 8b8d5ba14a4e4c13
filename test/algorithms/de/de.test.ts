import fc from "fast-check";
import { describe, expect, it } from "vitest";
import de from "../../../src/algorithms/de/de.js";
import { mutations } from "../../../src/algorithms/de/mutation.js";
import { populationAfter } from "../../../src/algorithms/de/population.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import { UsageError } from "../../../src/errors.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { bowl, traceTexts } from "../../../src/testing/sample-problems.js";
import { simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";

algorithmContract("de", de, {
  trace: {
    "/layers": [4, 7, 1, 6, 3, 8, 2, 5, 4, 7],
    "/lr": [0.001411, 0.05559, 0.1984, 0.0001778, 0.004711, 0.0004085, 0.00001001, 0.6422, 0.3357, 0.00002633],
    "/momentum": [0.1464, 0.5224, 0.8186, 0.4333, 0.3341, 0.8801, 0.7347, 0.113, 0.5756, 0.2458],
    "/optimizer": ["rmsprop", "adam", "adam", "rmsprop", "sgd", "sgd", "adam", "rmsprop", "rmsprop", "adam"],
  },
});

const space = parseSpace(traceTexts);
const objective = (params: Params, number: number) => (number % 9 === 4 ? undefined : bowl(params));
const { trials } = simulate({ algorithm: de, space, maxTrials: 60, workers: 4, objective });
const history = trials.toSorted((a, b) => a.finishedRevision! - b.finishedRevision!);

function suggestAfter(known: readonly Trial[], cache = new Map<string, unknown>()) {
  const { options } = configureAlgorithm(de, { name: "de", options: {}, space });
  const request = { space, options, seed: "1", trialNumber: 500, attempt: 0, maxTrials: 900, pending: [], cache };
  return suggestAtOnce(de, { ...request, history: known });
}

describe("de", () => {
  it("suggests the same however the history came in, and after it was rewritten", () => {
    const expected = suggestAfter(history);
    fc.assert(
      fc.property(fc.array(fc.nat(history.length), { maxLength: 8 }), (cuts) => {
        const cache = new Map();
        for (const cut of cuts.sort((a, b) => a - b)) suggestAfter(history.slice(0, cut), cache);
        suggestAfter(history.toSpliced(10, 1), cache);
        expect(suggestAfter(history, cache)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps in each slot the best trial of its numbers", () => {
    const size = 7;
    const { rows, observations } = populationAfter({ space, history, cache: new Map() }, size);
    for (const [slot, row] of rows.entries()) {
      const own = history.filter((trial) => (trial.number - 1) % size === slot && trial.status === "completed");
      expect(observations.objectives[row!]).toBe(Math.min(...own.map((trial) => trial.objective!)));
    }
  });

  it.each(Object.keys(mutations))("finds the bottom of a bowl with %s", (mutation_strategy) => {
    const plane = parseSpace({ "/x": "uniform(-5, 5)", "/y": "uniform(-5, 5)", "/c": "choices(['a', 'b'])" });
    const bowlOf = ({ "/x": x, "/y": y, "/c": c }: Params) =>
      ((x as number) - 1) ** 2 + ((y as number) + 2) ** 2 + (c === "a" ? 0 : 1);
    const options = { mutation_strategy, crossover_strategy: "exp", boundary_fix_type: "clip" };
    const run = simulate({ algorithm: de, options, space: plane, maxTrials: 400, objective: bowlOf });
    expect(Math.min(...run.trials.map((trial) => trial.objective!))).toBeLessThan(0.05);
  });

  it.each<[string, number | undefined]>([
    ["equal", 3],
    ["huge", 1e308],
    ["NaN", Number.NaN],
    ["infinite", Number.NEGATIVE_INFINITY],
    ["missing", undefined],
  ])("survives objectives that are all %s", (_, value) => {
    const status = value === undefined ? "broken" : "completed";
    const odd = history.map((trial) => inventTrial({ ...trial, objective: value, status }));
    expect(suggestAfter(odd).kind).toBe("params");
    const same = odd.map((trial) => ({ ...trial, id: odd[0]!.id, params: odd[0]!.params }));
    expect(suggestAfter(same).kind).toBe("params");
    expect(suggestAfter(same.slice(0, 1)).kind).toBe("params");
  });

  it.each([
    { popsize: 3 },
    { popsize: 1e9 },
    { mutation_factor: 0 },
    { crossover_prob: 1.5 },
    { mutation_strategy: "toString" },
    { crossover_strategy: 7 },
    { boundary_fix_type: "wrap" },
  ])("refuses %o, and lists what there is", (options) => {
    const configure = () => configureAlgorithm(de, { name: "de", options, space });
    expect(configure).toThrow(UsageError);
    expect(configure).toThrow(Object.keys(options)[0]);
  });
});
