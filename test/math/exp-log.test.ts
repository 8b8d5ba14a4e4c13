import { describe, expect, it, test } from "vitest";
import { exp, expm1, log, log1p } from "../../src/math/exp-log.js";
import { keyedRng } from "../../src/math/rng.js";

/** How many units in the last place two positive or two negative numbers are apart. */
function ulps(a: number, b: number): number {
  if (a === b) return 0;
  const bits = (x: number) => new BigInt64Array(Float64Array.of(Math.abs(x)).buffer)[0]!;
  return Math.abs(Number(bits(a) - bits(b)));
}

// computed with 60 digits (Python's decimal), rounded to the nearest double
test.each([
  [1, Math.E],
  [-1, 0.36787944117144233],
  [0.5, 1.6487212707001282],
  [10, 22026.465794806718],
  [-100, 3.720075976020836e-44],
  [700, 1.0142320547350045e304],
  [-745, 5e-324],
])("exp(%d)", (x, expected) => {
  expect(ulps(exp(x), expected)).toBeLessThanOrEqual(1);
});

test.each([
  [2, Math.LN2],
  [10, Math.LN10],
  [0.1, -Math.LN10],
  [1.0000000001, 1.000000082690371e-10],
  [1e308, 709.1962086421661],
  [5e-324, -744.4400719213812],
  [Math.SQRT2, 0.3465735902799727],
])("log(%d)", (x, expected) => {
  expect(ulps(log(x), expected)).toBeLessThanOrEqual(1);
});

describe("exp, log, expm1 and log1p", () => {
  it("agree with this engine's own to a few units in the last place", () => {
    const rng = keyedRng("exp and log");
    for (let i = 0; i < 10_000; i++) {
      const x = (rng.next() - 0.5) * 1489;
      const positive = Math.exp((rng.next() - 0.5) * 1400);
      const small = (rng.below(2) - 0.5) * 10 ** (2 - 20 * rng.next());
      expect(ulps(exp(x), Math.exp(x)), `exp(${x})`).toBeLessThanOrEqual(1);
      expect(ulps(log(positive), Math.log(positive)), `log(${positive})`).toBeLessThanOrEqual(1);
      expect(ulps(expm1(small), Math.expm1(small)), `expm1(${small})`).toBeLessThanOrEqual(4);
      if (small > -1) expect(ulps(log1p(small), Math.log1p(small)), `log1p(${small})`).toBeLessThanOrEqual(4);
    }
  });

  it("undo each other", () => {
    for (let x = -700; x <= 700; x += 0.37) expect(log(exp(x))).toBeCloseTo(x, 12);
  });

  it("end where the numbers end", () => {
    const ends = [0, -0, 1, Number.NaN, Infinity, -Infinity, 710, -746, Number.MAX_VALUE, -Number.MAX_VALUE];
    const near = (y: number) => (Number.isFinite(y) ? expect.closeTo(y, 12) : y);
    for (const x of ends) {
      const expected = [Math.exp(x), Math.log(x), Math.expm1(x), Math.log1p(x)].map(near);
      expect([exp(x), log(x), expm1(x), log1p(x)], `${x}`).toEqual(expected);
    }
    expect(log1p(-1)).toBe(-Infinity);
    expect(log1p(-2)).toBeNaN();
  });

  it("keep small numbers apart from 0", () => {
    expect([expm1(1e-300), log1p(1e-300), expm1(-1e-20), log1p(-1e-20)]).toEqual([1e-300, 1e-300, -1e-20, -1e-20]);
  });
});
