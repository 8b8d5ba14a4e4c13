import fc from "fast-check";
import { expect, test } from "vitest";
import { roundToPrecision } from "../../src/space/round-to-precision.js";

test.each([
  [0.000123456, 4, 0.0001235],
  [98765, 2, 99000],
  [-1.2345, 3, -1.23],
  [0, 4, 0],
  [1 / 3, undefined, 1 / 3],
  [1 / 3, 17, 1 / 3],
  [Number.MAX_VALUE, 1, Number.MAX_VALUE],
])("%d with %s digits is %d", (value, digits, rounded) => {
  expect(roundToPrecision(value, digits)).toBe(rounded);
});

test("rounding twice is rounding once", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.integer({ min: 1, max: 20 }), (value, digits) => {
      const once = roundToPrecision(value, digits);
      expect(roundToPrecision(once, digits)).toBe(once);
    }),
  );
});
