import { describe, expect, it } from "vitest";
import { fitHyperparameters } from "../../../src/algorithms/gp/fit.js";
import { negativeLogPosterior } from "../../../src/algorithms/gp/likelihood.js";
import { maternFamily } from "../../../src/algorithms/gp/matern.js";
import { quadraticFamily } from "../../../src/algorithms/gp/quadratic.js";
import { sumFamily } from "../../../src/algorithms/gp/sum-kernel.js";
import { keyedRng } from "../../../src/math/rng.js";

const isCategory = [false, false];
const rng = keyedRng("fit");
const points = Float64Array.from({ length: 60 }, () => rng.next());
const matern = maternFamily(points, 30, isCategory);
const frame = { center: Float64Array.of(0.5, 0.5), reach: Float64Array.of(0.5, 0.5) };
const family = sumFamily(matern, quadraticFamily(points, 30, frame), 30);
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
    const objective = negativeLogPosterior({ family, targets, priors: Array.from({ length: 5 }, () => prior) });
    const parameters = Float64Array.of(-1, 0.5, 0.2, -0.7, -3);
    const gradient = new Float64Array(5);
    objective(parameters, gradient);
    const unused = new Float64Array(5);
    for (let k = 0; k < 5; k++) {
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
    const [first, second, , , noise] = fitHyperparameters({
      isQuadratic: true,
      family,
      size: 2,
      targets,
      before: undefined,
    }).hyperparameters;
    expect(second! - first!).toBeGreaterThan(1);
    expect(Math.exp(noise!)).toBeLessThan(1e-4);
  });

  it("finds the noise where there is some", () => {
    const noisy = targets.map((target) => 0.9 * target + 0.8 * (rng.next() - 0.5));
    const fitted = fitHyperparameters({
      family,
      size: 2,
      isQuadratic: true,
      targets: noisy,
      before: undefined,
    }).hyperparameters;
    expect(Math.exp(fitted[4]!)).toBeGreaterThan(5e-3);
  });

  it("ends up near the same place from a fit of before", () => {
    const cold = fitHyperparameters({
      family,
      size: 2,
      isQuadratic: true,
      targets,
      before: undefined,
    }).hyperparameters;
    const warm = fitHyperparameters({
      family,
      size: 2,
      isQuadratic: true,
      targets,
      before: cold.map((x) => x + 0.3),
    }).hyperparameters;
    for (let k = 0; k < 3; k++) expect(Math.abs(warm[k]! - cold[k]!)).toBeLessThan(0.1);
  });

  it("has finite results for targets without any differences", () => {
    const fitted = fitHyperparameters({
      family,
      size: 2,
      isQuadratic: true,
      targets: new Float64Array(30),
      before: undefined,
    }).hyperparameters;
    expect(fitted.every(Number.isFinite)).toBe(true);
  });

  it("sees a bowl that lies across the axes, and where it ends", () => {
    const bowl = Float64Array.from({ length: 30 }, (_, i) => {
      const [a, b] = [points[2 * i]! - 0.4, points[2 * i + 1]! - 0.6];
      return 9 * (a + b) ** 2 + 0.01 * (a - b) ** 2 - 1;
    });
    const { hyperparameters } = fitHyperparameters({
      family,
      size: 2,
      isQuadratic: true,
      targets: bowl,
      before: undefined,
    });
    const [, , ofMatern, ofQuadratic] = hyperparameters;
    expect(ofQuadratic! - ofMatern!).toBeGreaterThan(2);
    const held = fitHyperparameters({ family, size: 2, isQuadratic: false, targets: bowl, before: undefined });
    expect(Math.exp(held.hyperparameters[3]!)).toBeCloseTo(1e-8, 12);
    const wave = fitHyperparameters({ family, size: 2, isQuadratic: true, targets, before: undefined }).hyperparameters;
    expect(wave[3]! - wave[2]!).toBeLessThan(1);
  });
});
