import { describe, expect, it } from "vitest";
import { fitHyperparameters } from "../../../src/algorithms/gp/fit.js";
import { negativeLogPosterior } from "../../../src/algorithms/gp/likelihood.js";
import { maternFamily } from "../../../src/algorithms/gp/matern.js";
import { keyedRng } from "../../../src/math/rng.js";

const isCategory = [false, false];
const rng = keyedRng("fit");
const points = Float64Array.from({ length: 60 }, () => rng.next());
const family = maternFamily(points, 30, isCategory);
/** Of the first coordinate alone. */
const targets = Float64Array.from({ length: 30 }, (_, i) => Math.SQRT2 * Math.sin(7 * points[2 * i]!));

describe("the posterior of hyperparameters", () => {
  it("is the one computed by hand for one observation", () => {
    // ½ y² / (s + n) + ½ ln(s + n), without priors
    const one = maternFamily(Float64Array.of(0.5), 1, [false]);
    const objective = negativeLogPosterior({ family: one, targets: Float64Array.of(2), priors: [] });
    const [variance, noise] = [0.7, 0.3];
    const gradient = new Float64Array(3);
    const value = objective(Float64Array.of(0, Math.log(variance), Math.log(noise)), gradient);
    expect(value).toBeCloseTo(0.5 * 4, 14);
    expect(gradient[0]).toBe(-0);
    // ∂/∂ ln s = ½ s (1 − y²) for s + n = 1
    expect(gradient[1]).toBeCloseTo(0.5 * variance * (1 - 4), 14);
    expect(gradient[2]).toBeCloseTo(0.5 * noise * (1 - 4), 14);
  });

  it("has the gradient of finite differences", () => {
    const prior = (x: number) => [-0.5 * x * x, -x] as const;
    const objective = negativeLogPosterior({ family, targets, priors: [prior, prior, prior, prior] });
    const parameters = Float64Array.of(-1, 0.5, 0.2, -3);
    const gradient = new Float64Array(4);
    objective(parameters, gradient);
    const unused = new Float64Array(4);
    for (let k = 0; k < 4; k++) {
      const above = objective(parameters.with(k, parameters[k]! + 1e-5), unused);
      const below = objective(parameters.with(k, parameters[k]! - 1e-5), unused);
      expect(gradient[k]).toBeCloseTo((above - below) / 2e-5, 5);
    }
  });

  it("is infinite where the covariances have no factor", () => {
    const twice = maternFamily(Float64Array.of(0.5, 0.5), 2, [false]);
    const objective = negativeLogPosterior({ family: twice, targets: Float64Array.of(1, 1), priors: [] });
    expect(objective(Float64Array.of(0, 0, -800), new Float64Array(3))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("fitHyperparameters", () => {
  it("finds the coordinate that matters, and that there is no noise", () => {
    const [first, second, , noise] = fitHyperparameters({ family, size: 2, targets, before: undefined });
    expect(second! - first!).toBeGreaterThan(1);
    expect(Math.exp(noise!)).toBeLessThan(1e-4);
  });

  it("finds the noise where there is some", () => {
    const noisy = targets.map((target) => 0.9 * target + 0.8 * (rng.next() - 0.5));
    const fitted = fitHyperparameters({ family, size: 2, targets: noisy, before: undefined });
    expect(Math.exp(fitted[3]!)).toBeGreaterThan(5e-3);
  });

  it("ends up near the same place from a fit of before", () => {
    const cold = fitHyperparameters({ family, size: 2, targets, before: undefined });
    const warm = fitHyperparameters({ family, size: 2, targets, before: cold.map((x) => x + 0.3) });
    for (let k = 0; k < 3; k++) expect(Math.abs(warm[k]! - cold[k]!)).toBeLessThan(0.1);
  });

  it("has finite results for targets without any differences", () => {
    const fitted = fitHyperparameters({ family, size: 2, targets: new Float64Array(30), before: undefined });
    expect(fitted.every(Number.isFinite)).toBe(true);
  });
});
