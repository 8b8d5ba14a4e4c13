import { expect, test } from "vitest";
import { normalCdf, normalLogCdf, normalLogQuantile, normalPdf, normalQuantile } from "../../src/math/normal.js";

function expectClose(actual: number, expected: number, relative = 2e-15): void {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  expect(error, `${actual} is not ${expected}`).toBeLessThan(relative);
}

// x, Φ(x), ln Φ(x): computed with 60 digits (mpmath); those of |x| ≤ 5 are in Abramowitz & Stegun, table 26.1
test.each([
  [-37, 5.725571222524577e-300, -689.0305855768906],
  [-20, 2.7536241186062337e-89, -203.91715537109727],
  [-10, 7.619853024160525e-24, -53.23128515051247],
  [-5, 2.866515718791939e-7, -15.064998393988725],
  [-3, 0.0013498980316300946, -6.607726221510349],
  [-1.96, 0.024997895148220435, -3.688963651729639],
  [-1, 0.15865525393145705, -1.8410216450092636],
  [-0.5, 0.3085375387259869, -1.1759117615936185],
  [0, 0.5, -Math.LN2],
  [0.1, 0.539827837277029, -0.6165050101150263],
  [0.66, 0.7453730853286639, -0.2938704002778177],
  [1, 0.8413447460685429, -0.17275377902344988],
  [2.5, 0.9937903346742238, -0.006229025485860002],
  [5, 0.9999997133484281, -2.866516129637636e-7],
  [8, 0.9999999999999993, -6.220960574271786e-16],
])("the distribution function at %d is exact in relative terms", (x, cdf, logCdf) => {
  expectClose(normalCdf(x), cdf);
  expectClose(normalLogCdf(x), logCdf);
});

test.each([
  [-40, -804.6084420137538],
  [-100, -5005.524208694205],
  [-1000, -500007.82669481216],
  [-1e6, -500000000014.73444],
])("the logarithm reaches beyond underflow, to %d", (x, logCdf) => {
  expect(x < -38.6 && normalCdf(x)).toBe(0);
  expectClose(normalLogCdf(x), logCdf);
  expectClose(normalLogQuantile(logCdf), x);
});

// p, Φ⁻¹(p): computed with 60 digits (mpmath); the common ones are in Abramowitz & Stegun, table 26.5
test.each([
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-16, -8.222082216130435],
  [1e-6, -4.753424308822899],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.05, -1.6448536269514726],
  [0.1, -1.2815515655446006],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357998],
  [0.975, 1.9599639845400543],
])("the quantile of %d is exact in relative terms", (p, x) => {
  expectClose(normalQuantile(p), x);
  expectClose(normalLogQuantile(Math.log(p)), x, 1e-14);
});

test.each([
  [-1e10, -141421.3561469523],
  [-1e5, -447.1978936785251],
  [-1000, -44.6157477319694],
  [-10, -3.913946240531893],
  [-1, -0.33747496376420244],
])("the quantile of e^%d is exact in relative terms", (logP, x) => {
  expectClose(normalLogQuantile(logP), x);
});

test("the ends are infinite, and what is no probability has no quantile", () => {
  expect([normalCdf(-Infinity), normalCdf(Infinity), normalLogCdf(-Infinity)]).toEqual([0, 1, -Infinity]);
  expect([normalQuantile(0), normalQuantile(1), normalLogQuantile(-Infinity), normalLogQuantile(0)]).toEqual([
    -Infinity,
    Infinity,
    -Infinity,
    Infinity,
  ]);
  expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(NaN), normalCdf(NaN)].every(Number.isNaN)).toBe(
    true,
  );
});

test("the density is the slope of the distribution function", () => {
  for (const x of [-3, -1, 0, 0.3, 2]) {
    expect((normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5).toBeCloseTo(normalPdf(x), 9);
  }
});
