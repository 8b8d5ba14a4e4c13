import { describe, expect, it } from "vitest";
import { suggestUntried, triedBefore } from "../../src/algorithms/untried.js";
import { keyedRng } from "../../src/math/rng.js";
import { enumerable, pointAt } from "../../src/space/cardinality.js";
import type { Params, Space } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { inventTrial } from "../../src/testing/invent-trial.js";
import type { Trial } from "../../src/trial/trial.js";
import { trialId } from "../../src/trial/trial-id.js";

const trialAt = (space: Space, params: Params, number: number): Trial =>
  inventTrial({ number, id: trialId(space, params), params, status: "completed", objective: 0 });

function contextOf(space: Space, history: readonly Trial[], pending: readonly Trial[] = []) {
  const rng = keyedRng("untried", history.length);
  return { space, history, pending, seed: "1", attempt: 0, rng, cache: new Map<string, unknown>() };
}

describe("the first untried proposal", () => {
  const space = parseSpace({ "/k": "uniform(1, 3, discrete=True)", "/c": "choices(['a', 'b'])" });
  const points = Array.from({ length: 6 }, (_, index) => pointAt(space, index));
  const trials = points.map((params, index) => trialAt(space, params, index + 1));

  it("passes by what was tried or is under way, and asks for no more proposals than it needs", () => {
    let asked = 0;
    function* proposals() {
      for (const params of points) {
        asked++;
        yield params;
      }
    }
    const context = contextOf(space, trials.slice(0, 2), trials.slice(2, 3));
    expect(suggestUntried(context, proposals())).toEqual({ kind: "params", params: points[3] });
    expect(asked).toBe(4);
  });

  it("is the last free point when no proposal is free, and then the space is done", () => {
    const proposals = [points[0]!, points[1]!];
    for (const free of points.keys()) {
      const history = trials.filter((_, index) => index !== free);
      expect(suggestUntried(contextOf(space, history), proposals)).toEqual({ kind: "params", params: points[free] });
    }
    expect(suggestUntried(contextOf(space, trials), proposals)).toEqual({ kind: "done" });
  });

  it("is found in a space too large to list whose prior hides all the free points", () => {
    const wide = parseSpace({ "/k": "normal(0, 0.01, low=-40000, high=40000, discrete=True)" });
    const suggestion = suggestUntried(contextOf(wide, [trialAt(wide, { "/k": 0 }, 1)]), []);
    expect(suggestion).toMatchObject({ kind: "params" });
    expect(suggestion).not.toEqual({ kind: "params", params: { "/k": 0 } });
    expect(enumerable(wide)).toBe(80_001);
  });

  it("ends when the digits of a real leave no other value", () => {
    const narrow = parseSpace({ "/x": "uniform(1, 1.001, precision=2)" });
    const history = [1, 1.001].map((x, index) => trialAt(narrow, { "/x": x }, index + 1));
    expect(suggestUntried(contextOf(narrow, history), [{ "/x": 1 }])).toEqual({ kind: "done" });
  });

  it("follows a history that grows, and one that was rewritten", () => {
    const cache = new Map<string, unknown>();
    const tried = (history: readonly Trial[]) => {
      const isTried = triedBefore({ space, history, pending: [], cache });
      return points.map(isTried);
    };
    expect(tried(trials.slice(0, 1))).toEqual([true, false, false, false, false, false]);
    expect(tried(trials.slice(0, 3))).toEqual([true, true, true, false, false, false]);
    expect(tried(trials.slice(2, 4))).toEqual([false, false, true, true, false, false]);
  });
});
