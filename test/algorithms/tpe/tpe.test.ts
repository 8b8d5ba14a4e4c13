import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import tpe from "../../../src/algorithms/tpe/tpe.js";
import { UsageError } from "../../../src/errors.js";
import type { Params, Space } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { trialId } from "../../../src/trial/trial-id.js";

algorithmContract("tpe", tpe, {
  options: { n_initial_points: 5 },
  trace: {
    "/layers": [7, 2, 5, 3, 8, 2, 2, 2, 2, 2],
    "/lr": [0.0001343, 0.003468, 0.2358, 0.001867, 0.05035, 0.004522, 0.01907, 0.0006515, 0.0006143, 0.00006454],
    "/momentum": [0.4952, 0.9588, 0.5102, 0.01653, 0.198, 0.9496, 0.9764, 0.8931, 0.7839, 0.8759],
    "/optimizer": ["rmsprop", "adam", "sgd", "sgd", "rmsprop", "adam", "adam", "sgd", "sgd", "sgd"],
  },
});

algorithmContract("tpe with each dimension by itself, and lies", tpe, {
  options: {
    multivariate: false,
    n_initial_points: 5,
    equal_weight: true,
    parallel_strategy: {
      of_type: "StatusBasedParallelStrategy",
      strategy_configs: { broken: "MaxParallelStrategy" },
      default_strategy: "MeanParallelStrategy",
    },
  },
});

const texts = {
  "/c": "choices(['a', 'b', 'c'])",
  "/k": "uniform(1, 9, discrete=True)",
  "/lr": "loguniform(1e-5, 1)",
  "/x": "uniform(0, 1, shape=2)",
};

const space = parseSpace(texts);

interface Question {
  readonly history: readonly Trial[];
  readonly pending?: readonly Trial[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly cache?: Map<string, unknown>;
  readonly trialNumber?: number;
  readonly space?: Space;
}

function suggest(question: Question) {
  const { history, pending = [], options = {}, cache = new Map(), trialNumber } = question;
  const searched = question.space ?? space;
  const resolved = configureAlgorithm(tpe, { name: "tpe", options, space: searched });
  const number = trialNumber ?? history.length + pending.length + 1;
  const rest = { seed: "1", attempt: 0, maxTrials: Number.POSITIVE_INFINITY, history, pending, cache };
  const request = { ...rest, space: searched };
  const suggestion = suggestAtOnce(tpe, { ...request, options: resolved.options, trialNumber: number });
  if (suggestion.kind !== "params") throw new Error(suggestion.kind);
  return suggestion.params;
}

const history = simulate({
  algorithm: tpe,
  space,
  maxTrials: 60,
  objective: ({ "/lr": lr, "/k": k }, number) =>
    number % 9 === 5 ? undefined : (Math.log10(lr as number) + 3) ** 2 + (k as number),
}).trials.map((trial, index) => ({ ...trial, finishedRevision: index + 1 }));

const running = (trial: Trial): Trial => inventTrial({ ...trial, objective: undefined, status: "reserved" });

describe("a suggestion", () => {
  it("is the same in whatever chunks the history came", () => {
    const whole = suggest({ history });
    fc.assert(
      fc.property(fc.array(fc.nat(history.length), { maxLength: 6 }), (cuts) => {
        const cache = new Map<string, unknown>();
        for (const cut of cuts.sort((a, b) => a - b)) suggest({ history: history.slice(0, cut), cache });
        expect(suggest({ history, cache })).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it("is a point of the Sobol sequence by trial number until enough trials have finished", () => {
    const first = (trialNumber: number) => suggest({ history: history.slice(0, 9), trialNumber });
    expect(first(77)).toEqual(suggest({ history: [], trialNumber: 77 }));
    expect(suggest({ history, trialNumber: 77 })).not.toEqual(first(77));
    const later = { n_initial_points: 1000 };
    expect(suggest({ history, trialNumber: 77, options: later })).toEqual(first(77));
  });

  describe("where others are at work", () => {
    const plane = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" });
    const valley = ({ "/x": x, "/y": y }: Params) => ((x as number) - 0.3) ** 2 + 2 * ((y as number) - 0.6) ** 2;
    const { trials } = simulate({ algorithm: tpe, space: plane, maxTrials: 60, objective: valley });
    const best = trials.toSorted((a, b) => a.objective! - b.objective!)[0]!.params;
    /** Median distance of suggestions from the best point so far, where so many workers are at it. */
    const distance = (workers: number) => {
      const pending = Array.from({ length: workers }, (_, m) =>
        inventTrial({ number: 61 + m, id: `p${m}`, params: best, status: "reserved" }),
      );
      const distances = Array.from({ length: 21 }, (_, i) => {
        const params = suggest({ history: trials, pending, trialNumber: 200 + i, space: plane });
        return Math.hypot(Number(params["/x"]) - Number(best["/x"]), Number(params["/y"]) - Number(best["/y"]));
      });
      return distances.sort((a, b) => a - b)[10]!;
    };

    it("stays in their valley while they are few", () => {
      expect(distance(7)).toBeLessThan(1.5 * distance(0)); // full weight, or kernels made narrow by them: 13 times
    });

    it("goes elsewhere when they are many", () => {
      expect(distance(400)).toBeGreaterThan(5 * distance(0));
    });
  });

  it("leaves a plateau, whose equal results say nothing of where it goes down", () => {
    const line = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" });
    /** Median distance of suggestions from twenty good trials close together, whose objectives are `objectiveOf(i)`. */
    const distance = (objectiveOf: (index: number) => number) => {
      const trials = Array.from({ length: 200 }, (_, i) => {
        const isGood = i % 10 === 0;
        const params = isGood ? { "/x": 0.5 + i / 1e5, "/y": 0.5 } : { "/x": (i % 17) / 17, "/y": (i % 13) / 13 };
        return inventTrial({
          number: i + 1,
          id: `t${i}`,
          params,
          status: "completed",
          objective: isGood ? objectiveOf(i) : 10 + i,
        });
      });
      const distances = Array.from({ length: 21 }, (_, i) => {
        const params = suggest({ history: trials, trialNumber: 300 + i, space: line });
        return Math.hypot(Number(params["/x"]) - 0.5, Number(params["/y"]) - 0.5);
      });
      return distances.sort((a, b) => a - b)[10]!;
    };
    expect(distance(() => 1)).toBeGreaterThan(2 * distance((index) => index / 1000));
  });

  it("finds what others are trying good only if a strategy says so", () => {
    const params = { "/c": "a", "/k": 9, "/lr": 0.9, "/x": [0.9, 0.9] };
    const pending = Array.from({ length: 10 }, (_, m) =>
      running({ ...history[0]!, number: 61 + m, id: `p${m}`, params }),
    );
    const meanRate = (options: Readonly<Record<string, unknown>>) => {
      const rates = [1, 2, 3, 4, 5, 6].map((n) => suggest({ history, pending, options, trialNumber: 100 + n })["/lr"]);
      return rates.reduce<number>((sum, rate) => sum + Math.log10(rate as number) / 6, 0);
    };
    const strategy = (value: number) => ({
      parallel_strategy: {
        of_type: "StatusBasedParallelStrategy",
        strategy_configs: { reserved: { of_type: "StubParallelStrategy", stub_value: value } },
      },
    });
    expect(meanRate(strategy(-1000))).toBeGreaterThan(-1);
    expect(meanRate(strategy(1000))).toBeLessThan(-1.5);
    expect(meanRate({})).toBeLessThan(-1.5);
  });

  it("differs between trial numbers and between attempts", () => {
    const numbers = [1, 2, 3, 4, 5].map((n) => JSON.stringify(suggest({ history, trialNumber: 100 + n })));
    expect(new Set(numbers).size).toBe(5);
  });
});

describe("odd objectives", () => {
  const odd: Readonly<Record<string, (index: number) => number>> = {
    "all equal": () => 1,
    huge: (index) => (index % 2 === 0 ? 1e308 : -1e308),
    tiny: (index) => index * 5e-324,
    "not a number": () => Number.NaN,
    infinite: (index) => (index % 2 === 0 ? Infinity : -Infinity),
    "of mixed scale": (index) => [1e-300, 1e300, 0, -1, Number.NaN, Infinity][index % 6]!,
  };

  test.each(Object.keys(odd))("that are %s give suggestions that are all different", (name) => {
    const objective = (_params: unknown, number: number) => odd[name]!(number);
    const { trials, end } = simulate({ algorithm: tpe, space, maxTrials: 40, objective });
    expect(end).toBe("budget");
    expect(new Set(trials.map(({ id }) => id)).size).toBe(40);
  });

  it("of one single trial do", () => {
    expect(suggest({ history: history.slice(0, 1), options: { n_initial_points: 1 } })).toHaveProperty("/lr");
  });

  it("of a thousand identical points do", () => {
    const same = Array.from({ length: 1000 }, (_, index) =>
      inventTrial({ ...history[0]!, number: index + 1, status: "completed", objective: index % 3 }),
    );
    const params = suggest({ history: same });
    expect(trialId(space, params)).not.toBe(same[0]!.id);
  });

  it("are none at all when every trial is broken", () => {
    const { trials, end } = simulate({
      algorithm: tpe,
      space,
      maxTrials: 40,
      maxBroken: 30,
      objective: () => undefined,
    });
    expect([trials.length, end]).toEqual([30, "broken"]);
  });
});

it("stays with the prior's rarest categories in reach, and within its bounds", () => {
  const rare = parseSpace({ "/c": "choices({'a': 0.98, 'b': 0.02})", "/x": "normal(0, 1, low=-1, high=5)" });
  const objective = ({ "/c": c, "/x": x }: { [name: string]: unknown }) => (x as number) ** 2 - (c === "b" ? 100 : 0);
  for (const seed of ["1", "2", "3", "4"]) {
    const { trials } = simulate({ algorithm: tpe, space: rare, maxTrials: 120, objective, seed });
    expect(trials.slice(-10).filter(({ params }) => params["/c"] === "b").length).toBeGreaterThanOrEqual(7);
  }
});

it("leaves a fidelity at its highest", () => {
  const costly = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 27, base=3)" });
  const { trials } = simulate({
    algorithm: tpe,
    space: costly,
    maxTrials: 15,
    objective: ({ "/x": x }) => x as number,
  });
  expect(new Set(trials.map(({ params }) => params["/epochs"]))).toEqual(new Set([27]));
});

it("works in more dimensions than a Sobol sequence has", () => {
  const wide = parseSpace({ "/x": "uniform(-1, 1, shape=300)" });
  const objective = ({ "/x": x }: { [name: string]: unknown }) => (x as number[]).reduce((sum, v) => sum + v * v, 0);
  expect(simulate({ algorithm: tpe, space: wide, maxTrials: 12, objective }).end).toBe("budget");
});

test.each([
  [{ gamma: 1 }, "gamma is 1"],
  [{ gamma: "half" }, 'gamma is "half"'],
  [{ n_initial_points: 0 }, "n_initial_points is 0"],
  [{ n_ei_candidates: 2.5 }, "n_ei_candidates is 2.5"],
  [{ n_ei_candidates: 1e9 }, "n_ei_candidates is 1000000000"],
  [{ max_retry: 1e9 }, "max_retry is 1000000000"],
  [{ equal_weight: 1 }, "equal_weight is 1"],
  [{ multivariate: "no" }, 'multivariate is "no"'],
  [{ prior_weight: 0 }, "prior_weight is 0"],
  [{ full_weight_num: -1 }, "full_weight_num is -1"],
  [{ max_retry: null }, "max_retry is null"],
  [{ parallel_strategy: "Max" }, 'no parallel strategy "Max"'],
  [{ n_startup_trials: 5 }, 'no option "n_startup_trials"'],
])("the options %j are refused", (options, message) => {
  const configure = () => configureAlgorithm(tpe, { name: "tpe", options, space });
  expect(configure).toThrow(UsageError);
  expect(configure).toThrow(message);
});
