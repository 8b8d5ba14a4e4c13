import { describe, expect, it } from "vitest";
import type { Kernel, KernelFamily } from "../../../src/algorithms/gp/kernel.js";
import { maternFamily, maternKernel } from "../../../src/algorithms/gp/matern.js";
import { quadraticFamily, quadraticKernel } from "../../../src/algorithms/gp/quadratic.js";
import { sumFamily, sumKernel } from "../../../src/algorithms/gp/sum-kernel.js";
import { timeKernel, timeKernelFamily } from "../../../src/algorithms/pb2/time-kernel.js";
import { keyedRng } from "../../../src/math/rng.js";

/** Rows of two numbers and a category, or of two numbers and a time. */
const size = 3;
const points = Float64Array.of(0.1, 0.9, 0.25, 0.4, 0.2, 0.25, 0.4, 0.2, 0.75, 0.8, 0.5, 0.75);
const count = 4;
const asked = Float64Array.of(0.3, 0.6, 0.25);

const isCategory = [false, false, true];
const frame = { center: Float64Array.of(0.5, 0.3, 0), reach: Float64Array.of(0.5, 0.2, Number.POSITIVE_INFINITY) };
const matern = (parameters: Float64Array) => maternKernel(parameters, isCategory);
const quadratic = (parameters: Float64Array) => quadraticKernel(parameters[0]!, frame);

interface Case {
  readonly name: string;
  readonly parameters: Float64Array;
  readonly kernelOf: (parameters: Float64Array) => Kernel;
  readonly family: KernelFamily;
}

const cases: readonly Case[] = [
  {
    name: "Matérn",
    parameters: Float64Array.of(Math.log(0.5), Math.log(2), Math.log(1.5), Math.log(0.7)),
    kernelOf: matern,
    family: maternFamily(points, count, isCategory),
  },
  {
    name: "quadratic",
    parameters: Float64Array.of(Math.log(0.7)),
    kernelOf: quadratic,
    family: quadraticFamily(points, count, frame),
  },
  {
    name: "sum",
    parameters: Float64Array.of(Math.log(0.5), Math.log(2), Math.log(1.5), Math.log(0.7), Math.log(1.7)),
    kernelOf: (parameters) => sumKernel(matern(parameters), quadratic(parameters.subarray(4))),
    family: sumFamily(maternFamily(points, count, isCategory), quadraticFamily(points, count, frame), count),
  },
  {
    name: "time",
    parameters: Float64Array.of(Math.log(0.5), Math.log(0.7), Math.log(0.3)),
    kernelOf: (parameters) => timeKernel(parameters, 2),
    family: timeKernelFamily(points, count, 2),
  },
];

describe.each(cases)("the kernel: $name", ({ parameters, kernelOf, family }) => {
  const kernel = kernelOf(parameters);
  const covariancesAt = (x: Float64Array): Float64Array => {
    const out = new Float64Array(count);
    kernel.covariances(points, count, x, out);
    return out;
  };

  it("has the covariance of a point with itself as its variance", () => {
    for (let i = 0; i < count; i++) {
      const point = points.slice(i * size, (i + 1) * size);
      expect(kernel.priorVariance(point)).toBeCloseTo(covariancesAt(point)[i]!, 14);
    }
  });

  it("has the slopes of finite differences", () => {
    const differentiable = kernel.differentiable(points, count);
    const out = new Float64Array(count);
    differentiable.moveTo(Float64Array.of(0.9, 0.9, 0.9), out);
    differentiable.moveTo(asked, out);
    expect(out).toEqual(covariancesAt(asked));
    const weights = Float64Array.of(0.3, -0.8, 1.2);
    const slopes = new Float64Array(size);
    differentiable.addSlopes(weights, slopes);
    const ofPrior = new Float64Array(size);
    differentiable.addPriorSlope(ofPrior);
    for (let k = 0; k < 2; k++) {
      const [below, above] = [-1e-6, 1e-6].map((step) => asked.with(k, asked[k]! + step));
      const weighed = (x: Float64Array) => weights.reduce((sum, w, i) => sum + w * covariancesAt(x)[i]!, 0);
      expect(slopes[k]).toBeCloseTo((weighed(above!) - weighed(below!)) / 2e-6, 7);
      expect(ofPrior[k]).toBeCloseTo((kernel.priorVariance(above!) - kernel.priorVariance(below!)) / 2e-6, 7);
    }
    expect([slopes[2], ofPrior[2]]).toEqual([0, 0]);
  });

  it("is the same when it is to be fitted", () => {
    const packed = new Float64Array(10);
    family.fill(parameters, packed);
    for (let i = 0, pair = 0; i < count; i++) {
      const row = covariancesAt(points.slice(size * i, size * (i + 1)));
      for (let j = 0; j <= i; j++) expect(packed[pair++]).toBeCloseTo(row[j]!, 12);
    }
  });

  it("has the derivatives of finite differences in its hyperparameters", () => {
    const rng = keyedRng("weights");
    const weights = Float64Array.from({ length: 10 }, () => rng.next() - 0.5);
    /** Σ_ij G_ij K_ij / 2 over the whole symmetric matrix. */
    const half = (at: Float64Array): number => {
      const packed = new Float64Array(10);
      family.fill(at, packed);
      let sum = 0;
      for (let i = 0, pair = 0; i < count; i++) {
        for (let j = 0; j <= i; j++, pair++) sum += (i === j ? 0.5 : 1) * weights[pair]! * packed[pair]!;
      }
      return sum;
    };
    expect(family.parameterCount).toBe(parameters.length);
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

describe("the quadratic kernel", () => {
  it("has the variance that was asked for at a typical point", () => {
    const at = quadraticKernel(Math.log(3), { center: Float64Array.of(0.5), reach: Float64Array.of(0.5) });
    expect(at.priorVariance([0.5 + 0.5 / Math.sqrt(3)])).toBeCloseTo(3, 14);
  });
});
