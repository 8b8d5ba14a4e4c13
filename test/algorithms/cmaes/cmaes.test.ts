import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SuggestedParams } from "../../../src/algorithms/algorithm.js";
import cmaes from "../../../src/algorithms/cmaes/cmaes.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import { UsageError } from "../../../src/errors.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { contains } from "../../../src/space/values.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { bowl, traceTexts } from "../../../src/testing/sample-problems.js";
import { type Simulation, simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { trialId } from "../../../src/trial/trial-id.js";

algorithmContract("cmaes", cmaes, {
  trace: {
    "/layers": [5, 3, 5, 4, 5, 3, 6, 4, 3, 3],
    "/lr": [0.005434, 0.001969, 0.0008059, 0.2463, 0.00105, 0.006001, 0.02288, 0.0003923, 0.0001724, 0.01893],
    "/momentum": [0.4155, 0.5006, 0.7291, 0.2393, 0.346, 0.6341, 0.5509, 0.4636, 0.5127, 0.6259],
    "/optimizer": ["adam", "rmsprop", "sgd", "adam", "adam", "rmsprop", "rmsprop", "sgd", "sgd", "sgd"],
  },
});

type Texts = Readonly<Record<string, string>>;

const plane: Texts = { "/x": "uniform(-5, 5, precision=None)", "/y": "uniform(-5, 5, precision=None)" };

function reals(count: number): Texts {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`/x${i}`, "uniform(-5, 5, precision=None)"]));
}

function suggestAfter(texts: Texts, history: readonly Trial[], { trialNumber = 1000, cache = new Map() } = {}) {
  const space = parseSpace(texts);
  const { options } = configureAlgorithm(cmaes, { name: "cmaes", options: {}, space });
  const request = { space, options, seed: "1", trialNumber, attempt: 0, maxTrials: 2000, history, pending: [], cache };
  const suggestion = suggestAtOnce(cmaes, request);
  expect(suggestion.kind).toBe("params");
  return suggestion as SuggestedParams;
}

/** Best objective of a run; the median over seeds. */
function medianBest(simulation: Omit<Simulation, "algorithm" | "seed">): number {
  const bests = Array.from({ length: 7 }, (_, seed) => {
    const { trials } = simulate({ algorithm: cmaes, ...simulation, seed: `${seed}` });
    return trials.reduce((best, { objective = best }) => Math.min(best, objective), Number.POSITIVE_INFINITY);
  });
  return bests.toSorted((a, b) => a - b)[3]!;
}

const values = (params: Params) => Object.values(params) as number[];

function sphere(params: Params): number {
  return values(params).reduce((sum, x, i) => sum + (x - 1 - i / 2) ** 2, 0);
}

describe("cmaes", () => {
  it("converges on an oblique quadratic of condition 10⁶", () => {
    const ellipsoid = (params: Params) => {
      const x = values(params);
      const y = x.map((_, i) => x.reduce((sum, xj, j) => sum + Math.cos(1 + 3 * i + 5 * j) * (xj - 1), 0));
      return y.reduce((sum, yi, i) => sum + 10 ** ((6 * i) / 3) * yi ** 2, 0);
    };
    expect(medianBest({ space: parseSpace(reals(4)), maxTrials: 600, objective: ellipsoid })).toBeLessThan(1);
  });

  it("sees the order of objectives only", () => {
    const space = parseSpace(plane);
    const run = (objective: Simulation["objective"]) =>
      simulate({ algorithm: cmaes, space, maxTrials: 80, objective }).trials.map(({ params }) => params);
    expect(run((params) => Math.sqrt(sphere(params)) * 1e-9 - 5)).toEqual(run(sphere));
  });

  it("finds an optimum in a corner exactly", () => {
    const slope = (params: Params) => values(params).reduce((sum, x, i) => sum + (5 - x) * 4 ** i, 0);
    expect(medianBest({ space: parseSpace(reals(4)), maxTrials: 250, objective: slope })).toBe(0);
  });

  it("goes on changing integers when the reals have converged", () => {
    const space = parseSpace({ ...plane, "/k": "uniform(0, 20, discrete=True)", "/b": "uniform(0, 1, discrete=True)" });
    const objective = ({ "/x": x, "/y": y, "/k": k, "/b": b }: Params) =>
      ((x as number) - 1) ** 2 + ((y as number) + 2) ** 2 + ((k as number) - 17) ** 2 + 3 * (1 - (b as number));
    expect(medianBest({ space, maxTrials: 250, objective })).toBeLessThan(1e-3);
  });

  it("learns which categories are good, and goes on trying the others", () => {
    const space = parseSpace({ ...plane, "/c": "choices(['a', 'b', 'c', 'd'])" });
    const objective = ({ "/c": c, ...rest }: Params) => sphere(rest) + (c === "c" ? 0 : 5);
    expect(medianBest({ space, maxTrials: 150, objective })).toBeLessThan(0.01);
    const { trials } = simulate({ algorithm: cmaes, space, maxTrials: 300, objective });
    expect(new Set(trials.slice(200).map(({ params }) => params["/c"])).size).toBeGreaterThan(1);
  });

  it("searches spaces that have categories only", () => {
    const space = parseSpace({ "/c": "choices(['a', 'b', 'c', 'd', 'e'], shape=6)" });
    const objective = ({ "/c": c }: Params) => (c as string[]).filter((category) => category !== "d").length;
    expect(medianBest({ space, maxTrials: 200, objective })).toBe(0);
  });

  it("wastes no result of eight workers", () => {
    // On such a sphere it is 0.023, and 0.13 when results that come late are ignored.
    const simulation = { space: parseSpace(reals(5)), maxTrials: 200, objective: sphere };
    expect(medianBest({ ...simulation, workers: 8 })).toBeLessThan(0.05);
  });

  it("labels each trial with its generation", () => {
    const { trials } = simulate({ algorithm: cmaes, space: parseSpace(plane), maxTrials: 13, objective: sphere });
    expect(trials.map(({ facts }) => facts.generation)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2]);
  });

  it("starts where earlier trials of somebody else were best", () => {
    const history = Array.from({ length: 100 }, (_, i) => {
      const params = { "/x": -4.5 + 0.09 * i, "/y": 4 - 0.01 * i };
      return madeBySomebody(plane, { number: i + 1, params, objective: (params["/x"] - 3) ** 2 });
    });
    const points = Array.from({ length: 20 }, (_, i) => suggestAfter(plane, history, { trialNumber: 101 + i }).params);
    const mean = points.reduce((sum, { "/x": x }) => sum + (x as number), 0) / points.length;
    expect(mean).toBeGreaterThan(2.5);
    expect(mean).toBeLessThan(3.5);
  });

  it("takes in a better point that somebody inserted", () => {
    const texts = reals(3);
    const { trials } = simulate({ algorithm: cmaes, space: parseSpace(texts), maxTrials: 35, objective: sphere });
    const params = { "/x0": 1, "/x1": 1.5, "/x2": 2 };
    const inserted = madeBySomebody(texts, { number: 35, params, objective: 0 });
    const distance = (history: readonly Trial[]) => {
      const suggested = Array.from({ length: 40 }, (_, i) => suggestAfter(texts, history, { trialNumber: 100 + i }));
      return suggested.reduce((sum, suggestion) => sum + sphere(suggestion.params), 0);
    };
    expect(distance([...trials.slice(0, 34), inserted])).toBeLessThan(distance(trials));
  });

  it("begins again elsewhere when nothing changes any more", () => {
    const { trials, end } = simulate({
      algorithm: cmaes,
      space: parseSpace(plane),
      maxTrials: 400,
      objective: () => 1,
    });
    expect(end).toBe("budget");
    const offCentre = trials.slice(-20).map(({ params }) => Math.abs(params["/x"] as number));
    const atFirst = trials.slice(0, 20).map(({ params }) => Math.abs(params["/x"] as number));
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    expect(mean(offCentre)).not.toBeCloseTo(mean(atFirst), 1);
  });
});

function madeBySomebody(texts: Texts, sketch: Pick<Trial, "number" | "params" | "objective">): Trial {
  const id = trialId(parseSpace(texts), sketch.params);
  return inventTrial({ ...sketch, id, status: "completed", finishedRevision: sketch.number });
}

describe("the state of cmaes", () => {
  const space = parseSpace(traceTexts);
  const objective = (params: Params, number: number) => (number % 9 === 4 ? undefined : bowl(params));
  const { trials } = simulate({ algorithm: cmaes, space, maxTrials: 90, workers: 4, objective });
  const history = trials.toSorted((a, b) => a.finishedRevision! - b.finishedRevision!);

  it("is the same however the history came in", () => {
    const expected = suggestAfter(traceTexts, history);
    fc.assert(
      fc.property(fc.array(fc.nat(history.length), { maxLength: 8 }), (cuts) => {
        const cache = new Map();
        for (const cut of cuts.sort((a, b) => a - b)) suggestAfter(traceTexts, history.slice(0, cut), { cache });
        expect(suggestAfter(traceTexts, history, { cache })).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("is the same however the trials of somebody else came in before its first one", () => {
    const foreign = Array.from({ length: 150 }, (_, i) => {
      const params = { "/x": 5 * Math.sin(i), "/y": 5 * Math.cos(3 * i) };
      return madeBySomebody(plane, { number: i + 1, params, objective: sphere(params) });
    });
    const cache = new Map();
    for (let count = 0; count <= foreign.length; count += 1 + (count % 7)) {
      const seen = foreign.slice(0, count);
      expect(suggestAfter(plane, seen, { cache })).toEqual(suggestAfter(plane, seen));
    }
  });

  it("is made anew when the history was rewritten", () => {
    const cache = new Map();
    suggestAfter(traceTexts, history, { cache });
    const rewritten = history.toSpliced(20, 1);
    expect(suggestAfter(traceTexts, rewritten, { cache })).toEqual(suggestAfter(traceTexts, rewritten));
  });

  it.each<[string, (i: number) => number | undefined]>([
    ["equal", () => 3],
    ["huge", (i) => (i % 2 === 0 ? 1e308 : -1e308)],
    ["tiny", (i) => i * 5e-324],
    ["NaN", () => Number.NaN],
    ["infinite", (i) => (i % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)],
    ["of mixed scale", (i) => (-10) ** (i % 300)],
    ["missing", () => undefined],
  ])("survives objectives that are %s", (_, objectiveAt) => {
    const odd = history.map((trial, i) => {
      const value = objectiveAt(i);
      return inventTrial({ ...trial, objective: value, status: value === undefined ? "broken" : "completed" });
    });
    const { params } = suggestAfter(traceTexts, odd);
    for (const dimension of space.dimensions) expect(contains(dimension, params[dimension.name]!)).toBe(true);
  });

  it("survives a single trial, and a thousand at one point", () => {
    const one = history[0]!;
    expect(suggestAfter(traceTexts, [one]).params).not.toEqual(one.params);
    for (const facts of [{}, { algorithm: "cmaes", generation: 0 }]) {
      const equal = Array.from({ length: 1000 }, (_, i) => inventTrial({ ...one, number: i + 1, facts }));
      expect(suggestAfter(traceTexts, equal).params).not.toEqual(one.params);
    }
  });
});

describe("the options of cmaes", () => {
  const configure = (options: Record<string, unknown>) =>
    configureAlgorithm(cmaes, { name: "cmaes", options, space: parseSpace(plane) });

  it.each([
    { sigma0: 0 },
    { sigma0: "wide" },
    { sigma0: 1e-300 },
    { popsize: 1 },
    { popsize: 7.5 },
    { popsize: 1e9 },
    { restart_strategy: "often" },
    { inc_popsize: 0.5 },
  ])("refuse %o", (options) => {
    expect(() => configure(options)).toThrow(UsageError);
    expect(() => configure(options)).toThrow(Object.keys(options)[0]);
  });

  it.each([{ restart_strategy: "ipop" }, { restart_strategy: null }, { popsize: 20, sigma0: 0.3, inc_popsize: 1 }])(
    "work as %o through restarts",
    (options) => {
      const space = parseSpace({ "/x": "uniform(0, 1, precision=None)" });
      const objective = ({ "/x": x }: Params) => Math.abs((x as number) - 0.3);
      const { trials, end } = simulate({ algorithm: cmaes, options, space, maxTrials: 600, objective });
      expect(end).toBe("budget");
      expect(Math.min(...trials.map((trial) => trial.objective!))).toBeLessThan(1e-9);
    },
  );
});
