import { describe, expect, it } from "vitest";
import { logExpectedImprovement } from "../../../src/algorithms/gp/acquisition.js";
import type { Kernel } from "../../../src/algorithms/gp/kernel.js";
import { maternKernel } from "../../../src/algorithms/gp/matern.js";
import {
  appendPoints,
  copyRegression,
  emptyRegression,
  posteriorOf,
  type Regression,
  solveTargets,
} from "../../../src/algorithms/gp/posterior.js";
import { NumericalError } from "../../../src/errors.js";
import { keyedRng } from "../../../src/math/rng.js";

const kernel = maternKernel(Float64Array.of(Math.log(0.3), Math.log(0.6), Math.log(1.3)), [false, false]);

function regressionOn(points: Float64Array, noise = 1e-4): Regression {
  const regression = emptyRegression({ kernel, noise, size: 2 });
  appendPoints(regression, points, points.length / 2);
  return regression;
}

function randomPoints(count: number): Float64Array {
  const rng = keyedRng("points", count);
  return Float64Array.from({ length: 2 * count }, () => rng.next());
}

function momentsAt(regression: Regression, alpha: Float64Array, x: readonly number[]): readonly [number, number] {
  const out = new Float64Array(8);
  posteriorOf(regression, alpha).predictFour([x], out);
  return [out[0]!, out[1]!];
}

describe("the posterior", () => {
  it("is the one computed by hand for one observation", () => {
    // mean k y / (s + n), variance s − k² / (s + n), for k = k(x, x₁), s = k(x, x), n the noise
    const noise = 0.2;
    const regression = regressionOn(Float64Array.of(0.5, 0.5), noise);
    const alpha = solveTargets(regression, Float64Array.of(2));
    const between = new Float64Array(1);
    kernel.covariances(Float64Array.of(0.5, 0.5), 1, [0.6, 0.3], between);
    const [mean, variance] = momentsAt(regression, alpha, [0.6, 0.3]);
    expect(mean).toBeCloseTo((between[0]! * 2) / (1.3 + noise), 14);
    expect(variance).toBeCloseTo(1.3 - between[0]! ** 2 / (1.3 + noise), 14);
  });

  it("is the one computed by hand for two observations", () => {
    // K⁻¹ of [[a, b], [b, a]] is [[a, −b], [−b, a]] / (a² − b²)
    const points = Float64Array.of(0.2, 0.2, 0.4, 0.9);
    const regression = regressionOn(points, 0.1);
    const alpha = solveTargets(regression, Float64Array.of(1, -1));
    const k = new Float64Array(2);
    kernel.covariances(points, 2, [0.2, 0.2], k);
    const [a, b] = [1.4, k[1]!];
    expect(alpha[0]).toBeCloseTo(1 / (a - b), 13);
    expect(alpha[1]).toBeCloseTo(-1 / (a - b), 13);
    kernel.covariances(points, 2, [0.3, 0.3], k);
    const [mean, variance] = momentsAt(regression, alpha, [0.3, 0.3]);
    expect(mean).toBeCloseTo((k[0]! - k[1]!) / (a - b), 13);
    const explained = (a * (k[0]! ** 2 + k[1]! ** 2) - 2 * b * k[0]! * k[1]!) / (a ** 2 - b ** 2);
    expect(variance).toBeCloseTo(1.3 - explained, 13);
  });

  it("is the same, bit for bit, when its points come in pieces", () => {
    const points = randomPoints(150);
    const whole = regressionOn(points);
    const grown = emptyRegression({ kernel, noise: 1e-4, size: 2 });
    for (const [from, to] of [
      [0, 1],
      [1, 70],
      [70, 71],
      [71, 150],
    ] as const) {
      appendPoints(grown, points.slice(2 * from, 2 * to), to - from);
    }
    expect(grown.factor.slice(0, 150 * 75)).toEqual(whole.factor.slice(0, 150 * 75));
  });

  it("keeps its mean and loses variance when points without results are added", () => {
    const regression = regressionOn(randomPoints(10));
    const alpha = solveTargets(
      regression,
      Float64Array.from({ length: 10 }, (_, i) => Math.sin(i)),
    );
    const before = momentsAt(regression, alpha, [0.31, 0.52]);
    const extended = copyRegression(regression);
    appendPoints(extended, Float64Array.of(0.3, 0.5), 1);
    const after = momentsAt(extended, alpha, [0.31, 0.52]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBeLessThan(before[1] / 3);
    expect(momentsAt(regression, alpha, [0.31, 0.52])).toEqual(before);
  });

  it("survives a thousand equal points without noise, in pieces as at once", () => {
    const points = new Float64Array(2000).fill(0.5);
    const whole = regressionOn(points, 0);
    const grown = emptyRegression({ kernel, noise: 0, size: 2 });
    for (let start = 0; start < 1000; start += 125) appendPoints(grown, points.subarray(0, 250), 125);
    expect(whole.jitterAt).toBeGreaterThan(0);
    expect(grown.jitterAt).toBe(whole.jitterAt);
    expect(grown.factor.slice(0, 500 * 1001)).toEqual(whole.factor.slice(0, 500 * 1001));
    const [mean, variance] = momentsAt(whole, solveTargets(whole, new Float64Array(1000).fill(1)), [0.5, 0.5]);
    expect(mean).toBeCloseTo(1, 3);
    expect(variance).toBeGreaterThan(0);
  });

  it("says so when no jitter helps", () => {
    const broken: Kernel = { ...kernel, covariances: (_points, _count, _x, out) => void out.fill(Number.NaN) };
    const regression = emptyRegression({ kernel: broken, noise: 0, size: 2 });
    expect(() => appendPoints(regression, Float64Array.of(0, 0), 1)).toThrow(NumericalError);
  });
});

describe("the expected improvement", () => {
  it.each([1, 0.5])("has the slopes of finite differences, with deviations times %d", (curiosity) => {
    const regression = regressionOn(randomPoints(20));
    const alpha = solveTargets(
      regression,
      Float64Array.from({ length: 20 }, (_, i) => Math.cos(i)),
    );
    appendPoints(regression, Float64Array.of(0.7, 0.1), 1);
    const posterior = posteriorOf(regression, alpha);
    const { values, valueWithSlope } = logExpectedImprovement({ posterior, best: -0.9, size: 2, curiosity });
    const rng = keyedRng("asked");
    const asked = Array.from({ length: 7 }, () => [rng.next(), rng.next()]);
    const found = values(asked);
    for (const [i, x] of asked.entries()) {
      const slope = new Float64Array(2);
      expect(valueWithSlope(x, slope)).toBeCloseTo(found[i]!, 8);
      for (let k = 0; k < 2; k++) {
        const [below, above] = values([-1e-6, 1e-6].map((step) => x.with(k, x[k]! + step)));
        expect(slope[k]! / ((above! - below!) / 2e-6)).toBeCloseTo(1, 3);
      }
    }
  });
});
