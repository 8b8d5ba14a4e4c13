import { describe, expect, it } from "vitest";
import { maternFamily, maternKernel } from "../../../src/algorithms/gp/matern.js";
import { keyedRng } from "../../../src/math/rng.js";

/** Rows of two numbers and a category. */
const isCategory = [false, false, true];
const points = Float64Array.of(0.1, 0.9, 0.25, 0.4, 0.2, 0.25, 0.4, 0.2, 0.75, 0.8, 0.5, 0.75);
const parameters = Float64Array.of(Math.log(0.5), Math.log(2), Math.log(1.5), Math.log(0.7));

function covariancesAt(x: Float64Array, slopes?: Float64Array): Float64Array {
  const out = new Float64Array(4);
  maternKernel(parameters, isCategory).covariances(points, 4, x, out, slopes);
  return out;
}

describe("the Matérn kernel", () => {
  it("has the values of the formula", () => {
    // r = 1: (1 + √5 + 5/3) e^(−√5)
    const kernel = maternKernel(Float64Array.of(Math.log(0.5), 0), [false]);
    const out = new Float64Array(2);
    kernel.covariances(Float64Array.of(0, 0.5), 2, [0.5], out);
    expect(out[0]).toBeCloseTo((1 + Math.sqrt(5) + 5 / 3) * Math.exp(-Math.sqrt(5)), 14);
    expect(out[1]).toBe(1);
  });

  it("counts a category as a step of one, whichever it is", () => {
    const kernel = maternKernel(Float64Array.of(Math.log(2), 0), [true]);
    const out = new Float64Array(3);
    kernel.covariances(Float64Array.of(0.1, 0.5, 0.9), 3, [0.5], out);
    expect(out[1]).toBe(1);
    expect(out[0]).toBe(out[2]);
    const r = 0.5;
    expect(out[0]).toBeCloseTo((1 + Math.sqrt(5) * r + (5 / 3) * r * r) * Math.exp(-Math.sqrt(5) * r), 14);
  });

  it("has the slopes of finite differences", () => {
    const x = Float64Array.of(0.3, 0.6, 0.25);
    const slopes = new Float64Array(4);
    covariancesAt(x, slopes);
    const { weights } = maternKernel(parameters, isCategory);
    for (let k = 0; k < 2; k++) {
      const above = covariancesAt(x.with(k, x[k]! + 1e-6));
      const below = covariancesAt(x.with(k, x[k]! - 1e-6));
      for (let i = 0; i < 4; i++) {
        const slope = slopes[i]! * weights[k]! * (x[k]! - points[3 * i + k]!);
        expect(slope).toBeCloseTo((above[i]! - below[i]!) / 2e-6, 8);
      }
    }
    expect(weights[2]).toBe(0);
  });

  it("is the same when it is to be fitted", () => {
    const packed = new Float64Array(10);
    maternFamily(points, 4, isCategory).fill(parameters, packed);
    for (let i = 0, pair = 0; i < 4; i++) {
      const row = covariancesAt(points.slice(3 * i, 3 * i + 3));
      for (let j = 0; j <= i; j++) expect(packed[pair++]).toBeCloseTo(row[j]!, 14);
    }
  });

  it("has the derivatives of finite differences in its hyperparameters", () => {
    const family = maternFamily(points, 4, isCategory);
    const rng = keyedRng("weights");
    const weights = Float64Array.from({ length: 10 }, () => rng.next() - 0.5);
    /** Σ_ij G_ij K_ij / 2 over the whole symmetric matrix. */
    const half = (at: Float64Array): number => {
      const packed = new Float64Array(10);
      family.fill(at, packed);
      let sum = 0;
      for (let i = 0, pair = 0; i < 4; i++) {
        for (let j = 0; j <= i; j++, pair++) sum += (i === j ? 0.5 : 1) * weights[pair]! * packed[pair]!;
      }
      return sum;
    };
    const gradient = new Float64Array(family.parameterCount);
    half(parameters);
    family.pullBack(weights, gradient);
    for (let k = 0; k < family.parameterCount; k++) {
      const difference =
        half(parameters.with(k, parameters[k]! + 1e-5)) - half(parameters.with(k, parameters[k]! - 1e-5));
      expect(gradient[k]).toBeCloseTo(difference / 2e-5, 8);
    }
  });
});
