import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Suggestion } from "../../../src/algorithms/algorithm.js";
import { axesOf } from "../../../src/algorithms/gp/axes.js";
import gp from "../../../src/algorithms/gp/gp.js";
import { neighbourhoodOf } from "../../../src/algorithms/gp/region.js";
import { observationsOf } from "../../../src/algorithms/observations.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { type SuggestRequest, suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import { UsageError } from "../../../src/errors.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { toUnit } from "../../../src/space/unit-cube.js";
import { contains } from "../../../src/space/values.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { bowl, branin, braninTexts, traceTexts } from "../../../src/testing/sample-problems.js";
import { simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { trialId } from "../../../src/trial/trial-id.js";

algorithmContract("gp", gp, {
  trace: {
    "/layers": [7, 1, 5, 4, 8, 2, 1, 1, 1, 1],
    "/lr": [0.9635, 0.0001445, 0.0002686, 0.03097, 0.00001441, 0.1103, 0.00001, 1, 0.00001, 0.00001],
    "/momentum": [0.2081, 0.5757, 0.8004, 0.4476, 0.2945, 0.9716, 1, 0, 0, 0],
    "/optimizer": ["sgd", "sgd", "adam", "rmsprop", "rmsprop", "sgd", "rmsprop", "rmsprop", "adam", "sgd"],
  },
});

algorithmContract("gp by ranks", { ...gp, defaults: { ...gp.defaults, targets: "ranks" } });

const localGp = { ...gp, defaults: { ...gp.defaults, scope: "local" as const } };

algorithmContract("gp around the best trial", localGp);

const space = parseSpace(traceTexts);

function ask(request: Partial<SuggestRequest> & Pick<SuggestRequest, "trialNumber" | "history">): Suggestion {
  const { options } = configureAlgorithm(gp, { name: "gp", options: {}, space: request.space ?? space });
  const rest = { space, options, attempt: 0, seed: "1", maxTrials: 100, pending: [], cache: new Map() };
  return suggestAtOnce(gp, { ...rest, ...request });
}

function paramsOf(suggestion: Suggestion): Params {
  if (suggestion.kind !== "params") throw new TypeError(suggestion.kind);
  return suggestion.params;
}

const failingNowAndThen = (params: Params, number: number) => (number % 7 === 3 ? undefined : bowl(params));
const { trials: finished } = simulate({ algorithm: gp, space, maxTrials: 40, objective: failingNowAndThen });

describe("gp", () => {
  it("gives the same suggestion whatever a worker has seen and asked before", () => {
    const cold = new Map<number, Suggestion>();
    const askCold = (length: number) => {
      const known = cold.get(length);
      if (known !== undefined) return known;
      const fresh = ask({ history: finished.slice(0, length), trialNumber: length + 1 });
      cold.set(length, fresh);
      return fresh;
    };
    const stops = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(stops, (lengths) => {
        const cache = new Map();
        for (const length of lengths.toSorted((a, b) => a - b)) {
          const history = finished.slice(0, length);
          expect(ask({ history, trialNumber: length + 1, cache })).toEqual(askCold(length));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("gives the same suggestion when the history that its cache knows was another", () => {
    const cache = new Map();
    ask({ history: finished.slice(0, 30), trialNumber: 31, cache });
    const changed = finished
      .slice(0, 29)
      .map((trial) => (trial.number > 12 ? { ...trial, objective: trial.number } : trial));
    const question = { history: changed, trialNumber: 30 };
    expect(ask({ ...question, cache })).toEqual(ask(question));
  });

  it("starts with the user's defaults, then spreads points by the trial's number", () => {
    const texts = {
      "/x": "uniform(0, 1, default_value=0.25)",
      "/y": "uniform(0, 1)",
      "/n": "uniform(1, 9, discrete=True)",
    };
    const given = parseSpace(texts);
    const first = ask({ space: given, history: [], trialNumber: 1 });
    expect(paramsOf(first)["/x"]).toBe(0.25);
    expect(first).toMatchObject({ facts: { from: "start" } });
    const xs = Array.from(
      { length: 4 },
      (_, i) => paramsOf(ask({ space: given, history: [], trialNumber: i + 5 }))["/x"],
    );
    expect(new Set(xs.map((x) => Math.floor(4 * (x as number)))).size).toBe(4);
  });

  it("asks the model once it knows enough, and says so", () => {
    expect(ask({ history: finished.slice(0, 20), trialNumber: 21 })).toMatchObject({ facts: { from: "model" } });
    // 21 trials are under way, but only one has ended
    const pending = finished
      .slice(1, 20)
      .map((trial) => ({ ...trial, status: "reserved" as const, objective: undefined }));
    const early = ask({ history: finished.slice(0, 1), pending, trialNumber: 21 });
    expect(early).toMatchObject({ facts: { from: "start" } });
  });

  it("closes in on the minimum of Branin", () => {
    const regrets = [1, 2, 3].map((seed) => {
      const found = simulate({
        algorithm: gp,
        space: parseSpace(braninTexts),
        seed: `${seed}`,
        maxTrials: 40,
        objective: branin,
      });
      return found.trials.reduce((best, { objective }) => Math.min(best, objective!), Infinity) - 0.39788735772973816;
    });
    expect(regrets.sort((a, b) => a - b)[1]).toBeLessThan(2e-3); // random search: about 1
  });

  it("keeps away from trials under evaluation, and from those that are just being filled in", () => {
    const history = finished.slice(0, 25);
    const alone = paramsOf(ask({ history, trialNumber: 26 }));
    const id = trialId(space, alone);
    const pending = [inventTrial({ number: 26, id, params: alone, status: "reserved" })];
    for (const other of [ask({ history, pending, trialNumber: 27 }), ask({ history, trialNumber: 27 })]) {
      const { "/lr": lr, "/momentum": momentum, "/layers": layers, "/optimizer": optimizer } = paramsOf(other);
      const distance = Math.hypot(
        Math.log10((lr as number) / (alone["/lr"] as number)) / 5,
        (momentum as number) - (alone["/momentum"] as number),
        ((layers as number) - (alone["/layers"] as number)) / 8,
        optimizer === alone["/optimizer"] ? 0 : 1,
      );
      expect(distance).toBeGreaterThan(0.01);
    }
  });

  it("stays near what is good while others are at work there", () => {
    const plane = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" });
    const valley = ({ "/x": x, "/y": y }: Params) => (Number(x) - 0.3) ** 2 + 2 * (Number(y) - 0.6) ** 2;
    for (const seed of ["1", "2", "3", "4", "5"]) {
      const { trials: history } = simulate({ algorithm: gp, space: plane, seed, maxTrials: 12, objective: valley });
      const pending: Trial[] = [];
      for (let trialNumber = 13; trialNumber <= 20; trialNumber++) {
        const params = paramsOf(ask({ space: plane, seed, history, pending: [...pending], trialNumber }));
        pending.push(inventTrial({ number: trialNumber, id: trialId(plane, params), params, status: "reserved" }));
      }
      // with deviations that count in full, some of the eight would ask for a corner
      for (const { params } of pending) expect(valley(params)).toBeLessThan(0.02);
    }
  });

  it("with a local scope asks for points around the best trial alone, several workers for different ones", () => {
    const { trials: history } = simulate({ algorithm: localGp, space, maxTrials: 60, objective: bowl });
    const observations = observationsOf({ space, history, cache: new Map() });
    const { low, high } = neighbourhoodOf(observations, axesOf(space)).box;
    const pending: Trial[] = [];
    for (let trialNumber = 61; trialNumber <= 68; trialNumber++) {
      const options = { scope: "local" };
      const suggestion = ask({ history, options, pending: [...pending], trialNumber });
      const params = paramsOf(suggestion);
      const point = toUnit(space, params);
      // rounded to digits, a point may lie a little beyond
      for (const k of point.keys()) {
        expect(point[k]).toBeGreaterThan(low[k]! - 1e-3);
        expect(point[k]).toBeLessThan(high[k]! + 1e-3);
      }
      pending.push(inventTrial({ number: trialNumber, id: trialId(space, params), params, status: "reserved" }));
    }
    expect(new Set(pending.map(({ id }) => id)).size).toBe(8);
  });

  it.each<readonly [string, (number: number) => number | undefined]>([
    ["equal", () => 3],
    ["huge", (number) => 1e308 * Math.sin(number)],
    ["tiny", (number) => 5e-324 * number],
    ["of every scale", (number) => (-1) ** number * 10 ** (20 * number - 300)],
    ["never there", () => undefined],
    ["NaN", () => Number.NaN],
    ["infinite but one", (number) => (number === 9 ? 1 : Number.NEGATIVE_INFINITY)],
  ])("survives objectives that are %s", (_, objective) => {
    const maxTrials = 25;
    for (const algorithm of [gp, localGp]) {
      const { trials } = simulate({
        algorithm,
        space,
        maxTrials,
        maxBroken: 25,
        objective: (__, number) => objective(number),
      });
      expect(trials.length).toBe(25);
      for (const { params } of trials) {
        for (const dimension of space.dimensions) expect(contains(dimension, params[dimension.name]!)).toBe(true);
      }
    }
  });

  it("survives a single trial, and a thousand equal ones", () => {
    const [first] = finished;
    const thousand: Trial[] = Array.from({ length: 1000 }, (_, i) => ({ ...first!, number: i + 1, objective: i % 2 }));
    const options = { n_initial_points: 1 };
    for (const history of [[first!], thousand]) {
      const suggestion = ask({ history, options, trialNumber: history.length + 1 });
      expect(suggestion).toMatchObject({ kind: "params", facts: { from: "model" } });
      expect(paramsOf(suggestion)).not.toEqual(first!.params);
    }
  });

  it("never repeats a point where few are left beside fine ones", () => {
    const few = parseSpace({ "/x": "uniform(0, 1, precision=1)", "/k": "uniform(0, 3, discrete=True)" });
    const { trials, end } = simulate({ algorithm: gp, space: few, maxTrials: 36, objective: bowl });
    expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
    expect(["budget", "done"]).toContain(end);
  });

  it.each([0, -1, 1.5, "ten", true])("refuses %j initial points", (count) => {
    const configure = () => configureAlgorithm(gp, { name: "gp", options: { n_initial_points: count }, space });
    expect(configure).toThrow(UsageError);
    expect(configure).toThrow(/n_initial_points/);
  });

  it.each([
    ["scope", "around", "one of global, local"],
    ["targets", 1, "one of likely, plain, softened, power, ranks"],
  ])("refuses %s=%j, and says what there is", (name, value, choices) => {
    const configure = () => configureAlgorithm(gp, { name: "gp", options: { [name]: value }, space });
    expect(configure).toThrow(UsageError);
    expect(configure).toThrow(expect.objectContaining({ remedy: `Give ${choices}.` }));
  });

  it("refuses more dimensions than it can learn in", () => {
    const wide = parseSpace({ "/x": "uniform(0, 1, shape=257)" });
    expect(() => configureAlgorithm(gp, { name: "gp", options: {}, space: wide })).toThrow(UsageError);
  });
});
