import { exp } from "../../math/exp-log.js";
import type { Kernel, KernelFamily } from "../gp/kernel.js";

/**
 * The kernel of a function that changes with time: a squared exponential in d coordinates, which share one length scale,
 * times (1 − ε)^(|Δt| / 2) = e^(−λ |Δt| / 2). The time is the last column of a point.
 *
 * @param parameters - ln of the length scale, of the variance, of λ.
 * @param size - d, without the time.
 * @see Bogunovic et al. 2016, "Time-Varying Gaussian Process Bandit Optimization", §3, https://arxiv.org/abs/1601.06650
 */
export function timeKernel(parameters: ArrayLike<number>, size: number): Kernel {
  const inverse = exp(-2 * parameters[0]!);
  const variance = exp(parameters[1]!);
  const rate = exp(parameters[2]!) / 2;
  const covariances: Kernel["covariances"] = (points, count, x, out) => {
    for (let i = 0, row = 0; i < count; i++, row += size + 1) {
      let q = 0;
      for (let k = 0; k < size; k++) q += (x[k]! - points[row + k]!) ** 2;
      out[i] = variance * exp(-0.5 * q * inverse - rate * Math.abs(x[size]! - points[row + size]!));
    }
  };
  return {
    variance,
    priorVariance: () => variance,
    covariances,
    differentiable: (points, count) => {
      const here = new Float64Array(size + 1);
      const values = new Float64Array(count);
      return {
        moveTo: (x, out) => {
          here.set(x);
          covariances(points, count, x, values);
          out.set(values);
        },
        addSlopes: (weights, out) => {
          for (let i = 0, row = 0; i < weights.length; i++, row += size + 1) {
            const push = weights[i]! * values[i]! * inverse;
            for (let k = 0; k < size; k++) out[k]! -= push * (here[k]! - points[row + k]!);
          }
        },
        addPriorSlope: () => {},
      };
    },
  };
}

/**
 * The same kernel on fixed points, with its derivatives in the three hyperparameters of `timeKernel`.
 *
 * @param points - Shape (n × (d + 1)), row-major, the time last.
 */
export function timeKernelFamily(points: Float64Array, n: number, size: number): KernelFamily {
  const pairCount = (n * (n + 1)) / 2;
  const squares = new Float64Array(pairCount);
  const delays = new Float64Array(pairCount);
  const covariance = new Float64Array(pairCount);
  for (let i = 0, pair = 0; i < n; i++) {
    for (let j = 0; j <= i; j++, pair++) {
      const [a, b] = [i * (size + 1), j * (size + 1)];
      for (let k = 0; k < size; k++) squares[pair]! += (points[a + k]! - points[b + k]!) ** 2;
      delays[pair] = Math.abs(points[a + size]! - points[b + size]!);
    }
  }
  let inverse = 1;
  let rate = 0;
  const fill = (parameters: Float64Array, out: Float64Array): void => {
    inverse = exp(-2 * parameters[0]!);
    const variance = exp(parameters[1]!);
    rate = exp(parameters[2]!) / 2;
    for (let pair = 0; pair < pairCount; pair++) {
      covariance[pair] = variance * exp(-0.5 * squares[pair]! * inverse - rate * delays[pair]!);
      out[pair] = covariance[pair]!;
    }
  };
  const pullBack = (weights: Float64Array, gradient: Float64Array): void => {
    gradient.fill(0, 0, 3);
    for (let i = 0, pair = 0; i < n; i++) {
      for (let j = 0; j <= i; j++, pair++) {
        // a pair off the diagonal stands for two entries, and all are halved
        const weighted = weights[pair]! * covariance[pair]! * (i === j ? 0.5 : 1);
        gradient[0]! += weighted * squares[pair]! * inverse;
        gradient[1]! += weighted;
        gradient[2]! -= weighted * rate * delays[pair]!;
      }
    }
  };
  return { parameterCount: 3, fill, pullBack };
}
