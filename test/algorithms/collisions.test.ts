import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterCollisions, sampleAfterCollisions, suggestFrom } from "../../src/algorithms/collisions.js";
import { samplePrior } from "../../src/algorithms/sample-prior.js";
import { keyedRng } from "../../src/math/rng.js";
import { parseSpace } from "../../src/space/parse-space.js";

interface Walks {
  /** Where trial n starts, at index n − 1. */
  readonly starts: readonly number[];
  /** The successor of each point. */
  readonly successors: readonly number[];
}

/** Fill all trials, each step one look of one trial at one point, in an order drawn from `key`. Returns the points. */
function fillAll({ starts, successors }: Walks, key: number): number[] {
  const rng = keyedRng("fill", key);
  const taken = new Set<number>();
  const unfilled = starts.map((start) => ({ start, attempt: 0 }));
  while (unfilled.length > 0) {
    const position = rng.below(unfilled.length);
    const trial = unfilled[position]!;
    // Now and then a worker dies, and its trial begins again.
    if (rng.below(10) === 0) trial.attempt = 0;
    const point = afterCollisions({
      start: { x: trial.start },
      successor: ({ x }) => ({ x: successors[x as number]! }),
      attempt: trial.attempt,
    }).x as number;
    if (taken.has(point)) trial.attempt += 1;
    else {
      taken.add(point);
      unfilled.splice(position, 1);
    }
    if (trial.attempt > successors.length) unfilled.splice(position, 1); // it walks in a circle that is full
  }
  return [...taken].sort((a, b) => a - b);
}

/** Starts among 12 points, and successors that lead to ever larger ones, so that no walk is endless. */
const walks = fc
  .tuple(
    fc.array(fc.nat(11), { minLength: 1, maxLength: 15 }),
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 200, maxLength: 200 }),
  )
  .map(([starts, steps]) => ({ starts, successors: steps.map((step, point) => point + step) }));

/** Successors anywhere, circles included. */
const circling = fc
  .tuple(fc.array(fc.nat(11), { minLength: 1, maxLength: 15 }), fc.array(fc.nat(11), { minLength: 12, maxLength: 12 }))
  .map(([starts, successors]) => ({ starts, successors }));

describe("walks that go on from points which others have", () => {
  it.each([
    ["without circles", walks],
    ["with circles", circling],
  ])("end in the same set of points, in whatever order the trials are filled, %s", (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(), (walk, one, two) => {
        expect(fillAll(walk, one)).toEqual(fillAll(walk, two));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("walks of algorithms that sample", () => {
  /** Fill trials 1 … count in an order drawn from `key`. Their points, sorted, and how many looks the longest walk had. */
  function sampleAll(text: string, { count, key = 0 }: { count: number; key?: number }) {
    const space = parseSpace({ "/x": text, "/kind": "choices({'a': 0.9, 'b': 0.1})" });
    const rng = keyedRng("order", key);
    const unfilled = Array.from({ length: count }, (_, index) => index + 1);
    const taken = new Set<string>();
    let longest = 0;
    while (unfilled.length > 0) {
      const [trialNumber] = unfilled.splice(rng.below(unfilled.length), 1) as [number];
      const start = samplePrior(space, keyedRng("start", trialNumber));
      for (let attempt = 0; ; attempt++) {
        longest = Math.max(longest, attempt + 1);
        if (attempt === 1000) throw new Error("no free point was found");
        const found = sampleAfterCollisions({ space, seed: "1", trialNumber, attempt }, start);
        const point = JSON.stringify((found as { readonly params: unknown }).params);
        if (taken.has(point)) continue;
        taken.add(point);
        break;
      }
    }
    return { points: [...taken].sort(), longest };
  }

  it("end in the same set of points while the values of so many digits are plenty", () => {
    for (const text of [
      "uniform(0, 1, precision=3)",
      "loguniform(0.1, 10, precision=3)",
      "normal(0, 1, precision=3)",
    ]) {
      const [one, two] = [1, 2].map((key) => sampleAll(text, { count: 700, key }));
      expect(one!.points).toEqual(two!.points);
      expect(one!.longest).toBeGreaterThan(5); // there was something to agree on
    }
  });

  it("find a free point when nearly all are taken", () => {
    // 90 values from 0.1 to 0.99 with a tenth of the prior left for all that is below, and "b" a tenth of each.
    expect(sampleAll("uniform(0, 1, precision=2)", { count: 200 }).points).toHaveLength(200);
  });
});

describe("a finite sequence", () => {
  const letters = { size: 3, pointAt: (index: number) => ({ x: "abc"[index]! }) };

  it("begins with its first point, and is repeated without end", () => {
    expect(suggestFrom(letters, { trialNumber: 1, attempt: 0 })).toEqual({ kind: "params", params: { x: "a" } });
    expect(suggestFrom(letters, { trialNumber: 6, attempt: 2 })).toEqual({ kind: "params", params: { x: "b" } });
  });

  it("is done for a trial that has looked at all of it", () => {
    expect(suggestFrom(letters, { trialNumber: 8, attempt: 3 })).toEqual({ kind: "done" });
  });

  it("is done at once when it is empty", () => {
    expect(suggestFrom({ ...letters, size: 0 }, { trialNumber: 1, attempt: 0 })).toEqual({ kind: "done" });
  });
});
