import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash128, keyedRng, xoshiro128 } from "../../src/math/rng.js";

describe("xoshiro128**", () => {
  it("gives the numbers of the reference implementation for state 1, 2, 3, 4", () => {
    const draw = xoshiro128([1, 2, 3, 4]);
    // prng.di.unimi.it/xoshiro128starstar.c
    expect(Array.from({ length: 10 }, draw)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("does not stay at zero when its state is zero", () => {
    const draw = xoshiro128([0, 0, 0, 0]);
    expect(Array.from({ length: 10 }, draw)).not.toEqual(Array(10).fill(0));
  });
});

describe("the hash of keys", () => {
  it.each([
    // murmurhash3js-revisited 3.0.0, x86.hash128 of the text in UTF-16-LE, padded with zeros to 16 bytes
    ["", "00000000000000000000000000000000"],
    ["abcdefgh", "6c3576558df898a1a76d230d42147114"],
    ["1234567", "8060a68ff7a725b4d6d0f36efb331e67"],
    ["n1,s3:lr€0000000", "937a6d7bfa69365746b51096024f2a82"],
  ])("is MurmurHash3 for %j", (text, expected) => {
    const words = hash128(text).map((word) => (word >>> 0).toString(16).padStart(8, "0"));
    expect(words.join("")).toBe(expected);
  });
});

describe("keyedRng", () => {
  it("gives the numbers on record", () => {
    const rng = keyedRng("1", "golden", 7);
    expect([rng.next(), rng.next(), rng.below(1000), rng.below(2 ** 40)]).toEqual([
      0.9680270795997509, 0.48261031025172096, 714, 185558826941,
    ]);
  });

  it("gives equal streams for equal keys", () => {
    const [a, b] = [keyedRng("seed", 3), keyedRng("seed", 3)];
    expect(draw(a.next, 20)).toEqual(draw(b.next, 20));
  });

  it.each([
    [
      ["ab", "c"],
      ["a", "bc"],
    ],
    [["a", "b"], ["ab"]],
    [["a,b"], ["a", "b"]],
    [[1], ["1"]],
    [
      [12, 3],
      [1, 23],
    ],
    [["a", ""], ["a"]],
    [["a\0"], ["a"]],
    [[], [""]],
  ])("keeps the keys %j and %j apart", (first, second) => {
    expect(keyedRng(...first).next()).not.toBe(keyedRng(...second).next());
  });

  it("fills its interval evenly within one stream", () => {
    expect(chiSquare(draw(keyedRng("uniform", 1).next, 100_000), 100)).toBeLessThan(CHI_99);
  });

  it("fills its interval evenly over the first numbers of neighbouring keys", () => {
    const firsts = Array.from({ length: 100_000 }, (_, i) => keyedRng("neighbours", i).next());
    expect(chiSquare(firsts, 100)).toBeLessThan(CHI_99);
  });

  it("gives neighbouring keys streams that are independent of each other", () => {
    // Pairs (first number of key i, first number of key i + 1), and pairs along two parallel streams.
    const firsts = Array.from({ length: 50_001 }, (_, i) => keyedRng("pairs", i).next());
    const [a, b] = [keyedRng("parallel", 1), keyedRng("parallel", 2)];
    const along = Array.from({ length: 50_000 }, () => cell(a.next(), b.next()));
    expect(
      chiSquare(
        firsts.slice(1).map((value, i) => cell(firsts[i]!, value)),
        100,
      ),
    ).toBeLessThan(CHI_99);
    expect(chiSquare(along, 100)).toBeLessThan(CHI_99);
  });

  it("uses all of its 53 bits", () => {
    const rng = keyedRng("bits");
    const bits = draw(() => BigInt(rng.next() * 2 ** 53), 200);
    expect(bits.reduce((all, value) => all | value, 0n)).toBe(2n ** 53n - 1n);
    expect(bits.reduce((all, value) => all & value)).toBe(0n);
  });

  it("gives integers from 0 to n − 1 for any n up to 2^53", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 53 - 1 }), (key, n) => {
        const value = keyedRng(key).below(n);
        expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
      }),
    );
    expect(keyedRng("one").below(1)).toBe(0);
  });

  it.each([3 * 2 ** 30, 3 * 2 ** 51])("has no bias towards small integers below %d", (n) => {
    // Without rejection, the lowest third would be drawn half of the time.
    const rng = keyedRng("bias", n);
    const thirds = draw(() => rng.below(n) / n, 30_000);
    expect(chiSquare(thirds, 3)).toBeLessThan(9.21); // 99 % of χ² with 2 degrees of freedom
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53 + 2, Number.POSITIVE_INFINITY])("refuses below(%d)", (n) => {
    expect(() => keyedRng("x").below(n)).toThrow(RangeError);
  });
});

/** 99 % of χ² with 99 degrees of freedom. */
const CHI_99 = 134.64;

function draw<T>(next: () => T, count: number): T[] {
  return Array.from({ length: count }, () => next());
}

/** The square of a 10 × 10 board on which (a, b) lies, as a number in [0, 1). */
function cell(a: number, b: number): number {
  return (Math.floor(a * 10) * 10 + Math.floor(b * 10)) / 100 + 0.005;
}

function chiSquare(values: readonly number[], binCount: number): number {
  const counts = new Array<number>(binCount).fill(0);
  for (const value of values) counts[Math.floor(value * binCount)]! += 1;
  const expected = values.length / binCount;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
