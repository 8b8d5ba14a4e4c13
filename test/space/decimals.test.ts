import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalsBetween, roundInside } from "../../src/space/decimals.js";
import { roundToPrecision } from "../../src/space/round-to-precision.js";

const digitCounts = fc.integer({ min: 1, max: 16 });
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });

describe("roundInside", () => {
  test.each([
    [12345678.5, 4, 12345678, 12355999, 12350000], // 12340000 … 12350000, the lower one outside
    [0.99994, 4, 0.5, 0.99995, 0.9999],
    [0.99996, 4, 0.5, 0.99997, 0.9999],
    [-1.00004, 4, -1.00004, -0.5, -1],
    [-0.99996, 4, -0.99997, -0.5, -0.9999],
    [1.2344, 3, 1.2341, 1.3, 1.24],
    [9.996, 3, 9.5, 9.997, 9.99],
  ])("%d with %d digits in [%d, %d] is %d", (value, digits, low, high, rounded) => {
    expect(roundInside(value, digits, { low, high })).toBe(rounded);
  });

  test("gives the nearer bound where no decimal is inside", () => {
    const bounds = { low: 12345678, high: 12345999 };
    expect(roundInside(12345900, 4, bounds)).toBe(bounds.high);
    expect(roundInside(0.12342, 4, { low: 0.12341, high: 0.12349 })).toBe(0.12341);
  });

  test("gives a decimal inside wherever there is one, the same when it is rounded again", () => {
    fc.assert(
      fc.property(numbers, numbers, fc.double({ min: 0, max: 1, noNaN: true }), digitCounts, (a, b, share, digits) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const value = Math.min(Math.max(low + share * (high - low), low), high);
        const rounded = roundInside(value, digits, { low, high });
        expect(rounded >= low && rounded <= high).toBe(true);
        if (decimalsBetween({ low, high }, digits) > 0) expect(roundToPrecision(rounded, digits)).toBe(rounded);
        expect(roundInside(rounded, digits, { low, high })).toBe(rounded);
      }),
    );
  });
});

describe("decimalsBetween", () => {
  test.each([
    [1, 2, 4, 1001],
    [1, 10, 1, 10],
    [-10, -1, 1, 10],
    [0.95, 1.06, 2, 6], // 0.95 … 0.99, 1.0
    [20150, 20152, 4, 1],
    [12345678, 12345999, 4, 0],
    [0.12341, 0.12349, 5, 9],
    [0, 1, 1, Number.POSITIVE_INFINITY],
    [-1, 1e-9, 1, Number.POSITIVE_INFINITY],
    [1, Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY],
    [1e-200, 1e-199, 2, 91],
  ])("[%d, %d] has of %d digits %d", (low, high, digits, count) => {
    expect(decimalsBetween({ low, high }, digits)).toBe(count);
  });

  test("counts what rounding gives", () => {
    const hundredths = fc.integer({ min: 100, max: 3000 });
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const rounded = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter(
          (value) => roundToPrecision(value, 2) === value,
        );
        expect(decimalsBetween({ low, high }, 2)).toBe(rounded.length);
      }),
    );
  });
});
