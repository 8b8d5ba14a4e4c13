import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sequenceIndex, suggestFrom } from "../../src/algorithms/index-sequence.js";
import { keyedRng } from "../../src/math/rng.js";

/**
 * Fill `trialCount` trials from `sequence`, each step one look of one trial at one value, in any order.
 * Returns the value of each trial by number.
 */
function fillAll(sequence: readonly number[], { trialCount, key }: { trialCount: number; key: number }): number[] {
  const rng = keyedRng("fill", key);
  const taken = new Map<number, number>();
  const unfilled = Array.from({ length: trialCount }, (_, i) => ({ trialNumber: i + 1, attempt: 0 }));
  while (unfilled.length > 0) {
    const position = rng.below(unfilled.length);
    const trial = unfilled[position]!;
    // Now and then a worker dies, and its trial begins again.
    if (rng.below(10) === 0) trial.attempt = 0;
    const value = sequence[sequenceIndex(trial) % sequence.length]!;
    if ([...taken.values()].includes(value)) trial.attempt += 1;
    else {
      taken.set(trial.trialNumber, value);
      unfilled.splice(position, 1);
    }
  }
  return Array.from({ length: trialCount }, (_, i) => taken.get(i + 1)!);
}

describe("an index sequence", () => {
  it("gives N trials the first N distinct values, in whatever order they are filled", () => {
    const sequences = fc.array(fc.nat(12), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sequences, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (sequence, part, key) => {
        const distinct = [...new Set(sequence)];
        const trialCount = Math.ceil(part * distinct.length);
        const filled = fillAll(sequence, { trialCount, key });
        expect(filled.toSorted((a, b) => a - b)).toEqual(distinct.slice(0, trialCount).sort((a, b) => a - b));
      }),
      { numRuns: 1000 },
    );
  });

  it("lets trial 1 begin with the first value", () => {
    expect(sequenceIndex({ trialNumber: 1, attempt: 0 })).toBe(0);
    expect(sequenceIndex({ trialNumber: 5, attempt: 2 })).toBe(6);
  });
});

describe("a finite sequence", () => {
  const letters = { size: 3, pointAt: (index: number) => ({ x: "abc"[index]! }) };

  it("is repeated without end", () => {
    expect(suggestFrom(letters, { index: 7, attempt: 2 })).toEqual({ kind: "params", params: { x: "b" } });
  });

  it("is done for a trial that has looked at all of it", () => {
    expect(suggestFrom(letters, { index: 7, attempt: 3 })).toEqual({ kind: "done" });
  });

  it("is done at once when it is empty", () => {
    expect(suggestFrom({ ...letters, size: 0 }, { index: 0, attempt: 0 })).toEqual({ kind: "done" });
  });
});
