import { describe, expect, it } from "vitest";
import type { SuggestContext, Suggestion } from "../../../src/algorithms/algorithm.js";
import { suggestHalving } from "../../../src/algorithms/auto/halving.js";
import { suggestUntried } from "../../../src/algorithms/untried.js";
import { keyedRng } from "../../../src/math/rng.js";
import { enumerable, pointAt } from "../../../src/space/cardinality.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { trialId } from "../../../src/trial/trial-id.js";

type Configure = (context: SuggestContext) => Suggestion;

const space = parseSpace({ "/k": "uniform(1, 300, discrete=True)", "/epochs": "fidelity(1, 9, base=3)" });

function run(configure: Configure) {
  const algorithm = {
    summary: "rungs",
    paper: "none",
    requires: {},
    defaults: {},
    basis: "history" as const,
    suggest: (context: SuggestContext) => suggestHalving(context, configure),
  };
  const { trials } = simulate({ algorithm, space, maxTrials: 40, objective: ({ "/k": k }) => k as number });
  return trials.filter(({ parent }) => parent === undefined);
}

describe("rungs with a member that makes the configurations", () => {
  it("have what it proposes, since it knows what was tried at any fidelity", () => {
    const inOrder = Array.from({ length: 300 }, (_, index) => pointAt(space, index));
    const made = run((context) => {
      const suggestion = suggestUntried(context, inOrder);
      return suggestion.kind === "params" ? { ...suggestion, facts: { auto: "ordered" } } : suggestion;
    });
    expect(enumerable(space)).toBe(300);
    expect(made.map(({ params }) => params["/k"])).toEqual(made.map((_, index) => index + 1));
    expect(new Set(made.map(({ facts }) => facts.auto))).toEqual(new Set(["ordered"]));
  });

  it("store that a configuration is a random one where the proposal was tried before", () => {
    const made = run(() => ({ kind: "params", params: { "/k": 7, "/epochs": 9 }, facts: { auto: "stubborn" } }));
    const [first, ...others] = made.map(({ facts }) => facts.auto);
    expect(first).toBe("stubborn");
    expect(new Set(others)).toEqual(new Set(["random"]));
  });
});

describe("what a member is shown of rungs", () => {
  const at = (number: number, k: number, epochs: number): Trial => {
    const params = { "/k": k, "/epochs": epochs };
    return inventTrial({ number, id: trialId(space, params), params, status: "completed", objective: k });
  };

  function viewOf(history: readonly Trial[], { pending = [], cache = new Map() }: Partial<SuggestContext> = {}) {
    let view: SuggestContext | undefined;
    const configure = (context: SuggestContext): Suggestion => {
      view = context;
      return { kind: "done" };
    };
    const rng = keyedRng("view", history.length);
    const common = { space, options: {}, seed: "1", attempt: 0, maxTrials: 1e6 };
    suggestHalving({ ...common, rng, trialNumber: 1e5, history, pending, cache }, configure);
    return { known: numbers(view!.history), unknown: numbers(view!.pending) };
  }

  const numbers = (trials: readonly Trial[]) => trials.map(({ number }) => number);
  /** Nine results at the middle rung are enough, so that one is chosen, and no trial can be promoted. */
  const middle = Array.from({ length: 9 }, (_, i) => at(i + 1, i + 1, 3));

  it("is one rung, and beside it the newest trial of each configuration that has no result there", () => {
    const history = [at(10, 50, 1), ...middle, at(11, 51, 1), at(12, 3, 1), at(13, 50, 9), at(14, 52, 1)];
    const pending = [at(15, 51, 9), at(16, 1, 9), at(17, 60, 3)];
    expect(viewOf(history, { pending })).toEqual({ known: numbers(middle), unknown: [13, 14, 15, 17] });
  });

  it("is the same when the history has grown step by step", () => {
    const history = [at(10, 50, 1), ...middle, at(11, 51, 1), at(12, 50, 3), at(13, 52, 9), at(14, 52, 1)];
    const cache = new Map();
    for (const end of history.keys()) viewOf(history.slice(0, end + 1), { cache });
    expect(viewOf(history, { cache })).toEqual(viewOf(history));
  });

  it("has no more than the newest 500 of those, whatever the length of the history", () => {
    const wide = Array.from({ length: 700 }, (_, i) => at(i + 10, i + 1000, 1));
    const { unknown } = viewOf([...middle, ...wide], { pending: [at(710, 2000, 1)] });
    expect(unknown).toEqual(Array.from({ length: 500 }, (_, i) => 211 + i));
  });
});
