import type { Kernel, KernelFamily } from "./kernel.js";

/** a + b: the kernel of the sum of two functions that know nothing of each other. */
export function sumKernel(a: Kernel, b: Kernel): Kernel {
  let scratch = new Float64Array(0);
  const covariances: Kernel["covariances"] = (points, count, x, out) => {
    if (scratch.length < count) scratch = new Float64Array(2 * count);
    a.covariances(points, count, x, out);
    b.covariances(points, count, x, scratch);
    addTo(out, scratch, count);
  };
  const differentiable: Kernel["differentiable"] = (points, count) => {
    const [ofA, ofB] = [a.differentiable(points, count), b.differentiable(points, count)];
    const summand = new Float64Array(count);
    return {
      moveTo: (x, out) => {
        ofA.moveTo(x, out);
        ofB.moveTo(x, summand);
        addTo(out, summand, count);
      },
      addSlopes: (weights, out) => {
        ofA.addSlopes(weights, out);
        ofB.addSlopes(weights, out);
      },
      addPriorSlope: (out) => {
        ofA.addPriorSlope(out);
        ofB.addPriorSlope(out);
      },
    };
  };
  return {
    variance: a.variance + b.variance,
    priorVariance: (x) => a.priorVariance(x) + b.priorVariance(x),
    covariances,
    differentiable,
  };
}

/** The same with hyperparameters to be fitted: those of a, then those of b. Both are on the same `n` points. */
export function sumFamily(a: KernelFamily, b: KernelFamily, n: number): KernelFamily {
  const summand = new Float64Array((n * (n + 1)) / 2);
  return {
    parameterCount: a.parameterCount + b.parameterCount,
    fill: (parameters, out) => {
      a.fill(parameters, out);
      b.fill(parameters.subarray(a.parameterCount), summand);
      addTo(out, summand, summand.length);
    },
    pullBack: (weights, gradient) => {
      a.pullBack(weights, gradient);
      b.pullBack(weights, gradient.subarray(a.parameterCount));
    },
  };
}

function addTo(out: Float64Array, values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) out[i]! += values[i]!;
}
