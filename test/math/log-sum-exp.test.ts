import { expect, it } from "vitest";
import { logSumExp } from "../../src/math/log-sum-exp.js";

it("sums powers of e that no number can hold", () => {
  expect(logSumExp([0, 0])).toBeCloseTo(Math.LN2, 15);
  expect(logSumExp([1000, 1000, -Infinity])).toBeCloseTo(1000 + Math.LN2, 12);
  expect(logSumExp([-1e4, -1e4 + Math.log(3)])).toBeCloseTo(-1e4 + 2 * Math.LN2, 11);
});

it("is that of nothing for no terms, and infinite for an infinite one", () => {
  expect(logSumExp([])).toBe(-Infinity);
  expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  expect(logSumExp([0, Infinity])).toBe(Infinity);
  expect(logSumExp(Float64Array.of(0, 5, 700), 1)).toBe(0);
});
