import { exp } from "../../math/exp-log.js";
import type { Kernel, KernelFamily } from "./kernel.js";

/** From where coordinates are measured, and in what: u_k = (x_k − center_k) / reach_k. Infinite for a category: u_k = 0. */
export interface Frame {
  /** Shape (d). */
  readonly center: Float64Array;
  /** Shape (d), positive: points lie within about this far of the center. */
  readonly reach: Float64Array;
}

/**
 * All quadratic functions of the numbers: (1 + uᵀv)² is what products of coefficients of 1, u_k and u_k u_l come to, each
 * drawn by itself. So a valley that is turned out of the axes, which a product of length scales does not see, is learnt
 * from as many points as a parabola has coefficients.
 *
 * It is divided by (1 + c / 3)², with c numbers, so that the variance is that at a typical point: u² is 1/3 in the mean
 * over an interval from −1 to 1.
 *
 * @see Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", §4.2.2 (the polynomial kernel)
 * @param logVariance - Of the function at a typical point.
 */
export function quadraticKernel(logVariance: number, frame: Frame): Kernel {
  const { center } = frame;
  const size = center.length;
  const weights = weightsOf(frame);
  const variance = exp(logVariance);
  const factor = variance / typicalSquare(frame);
  /** 1 + uᵀuᵢ of some points. */
  const products = (points: Float64Array, count: number, x: ArrayLike<number>, out: Float64Array): void => {
    for (let i = 0, row = 0; i < count; i++, row += size) {
      let product = 1;
      for (let k = 0; k < size; k++) product += (x[k]! - center[k]!) * (points[row + k]! - center[k]!) * weights[k]!;
      out[i] = product;
    }
  };
  const productWithItself = (x: ArrayLike<number>): number => {
    let product = 1;
    for (let k = 0; k < size; k++) product += (x[k]! - center[k]!) ** 2 * weights[k]!;
    return product;
  };
  return {
    variance,
    priorVariance: (x) => factor * productWithItself(x) ** 2,
    covariances: (points, count, x, out) => {
      products(points, count, x, out);
      for (let i = 0; i < count; i++) out[i] = factor * out[i]! * out[i]!;
    },
    differentiable: (points, count) => {
      const here = new Float64Array(size);
      const known = new Float64Array(count);
      return {
        moveTo: (x, out) => {
          here.set(x);
          products(points, count, x, known);
          for (let i = 0; i < count; i++) out[i] = factor * known[i]! * known[i]!;
        },
        addSlopes: (w, out) => {
          for (let i = 0, row = 0; i < w.length; i++, row += size) {
            const push = 2 * factor * w[i]! * known[i]!;
            for (let k = 0; k < size; k++) out[k]! += push * (points[row + k]! - center[k]!) * weights[k]!;
          }
        },
        addPriorSlope: (out) => {
          const push = 4 * factor * productWithItself(here);
          for (let k = 0; k < size; k++) out[k]! += push * (here[k]! - center[k]!) * weights[k]!;
        },
      };
    },
  };
}

/**
 * The same kernel on fixed points, with its derivative in the one hyperparameter of `quadraticKernel`.
 *
 * @param points - Shape (n × d), row-major.
 */
export function quadraticFamily(points: Float64Array, n: number, frame: Frame): KernelFamily {
  const size = frame.center.length;
  const unit = new Float64Array((n * (n + 1)) / 2);
  const kernel = quadraticKernel(0, frame);
  for (let i = 0, start = 0; i < n; start += ++i) {
    kernel.covariances(points, i + 1, points.subarray(i * size, (i + 1) * size), unit.subarray(start));
  }
  let variance = 1;
  return {
    parameterCount: 1,
    fill: (parameters, out) => {
      variance = exp(parameters[0]!);
      for (let pair = 0; pair < unit.length; pair++) out[pair] = variance * unit[pair]!;
    },
    pullBack: (weights, gradient) => {
      let sum = 0;
      for (let i = 0, pair = 0; i < n; i++) {
        for (let j = 0; j < i; j++, pair++) sum += weights[pair]! * unit[pair]!;
        sum += 0.5 * weights[pair]! * unit[pair]!;
        pair++;
      }
      gradient[0] = variance * sum;
    },
  };
}

function weightsOf({ reach }: Frame): Float64Array {
  return reach.map((length) => 1 / (length * length));
}

/** The mean of (1 + uᵀu)², nearly. */
function typicalSquare({ reach }: Frame): number {
  const numbers = reach.filter(Number.isFinite).length;
  return (1 + numbers / 3) ** 2;
}
