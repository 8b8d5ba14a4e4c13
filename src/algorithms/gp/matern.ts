import { exp } from "../../math/exp-log.js";
import type { Kernel, KernelFamily } from "./kernel.js";

/** Which coordinates of the unit cube are categories: true where only equal or not counts. */
export type CategoryMask = readonly boolean[];

/**
 * Matérn-5/2 over real, integer and categorical coordinates, one length scale for each.
 *
 * The squared scaled distance is Σ (a_k − b_k)² / ℓ_k² over numbers, plus 1 / ℓ_k² for each category that differs (a
 * Hamming distance). Integers are where they lie in the unit cube, in the middle of their share.
 *
 * As a function of q = r² the kernel is (1 + √5 r + 5/3 q) e^(−√5 r), and its derivative −5/6 (1 + √5 r) e^(−√5 r) has
 * no division in it: points may coincide.
 *
 * @see Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.17
 * @param parameters - ln ℓ₁ … ln ℓ_d, ln of the variance.
 */
export function maternKernel(parameters: Float64Array, isCategory: CategoryMask): Kernel {
  const size = isCategory.length;
  const variance = exp(parameters[size]!);
  const inverse = Float64Array.from(isCategory, (_, k) => exp(-2 * parameters[k]!));
  const numbers = Int32Array.from([...isCategory.keys()].filter((k) => !isCategory[k]));
  const categories = Int32Array.from([...isCategory.keys()].filter((k) => isCategory[k]));
  const squaredDistance = (points: Float64Array, row: number, x: ArrayLike<number>): number => {
    let q = 0;
    for (let j = 0; j < numbers.length; j++) {
      const k = numbers[j]!;
      const difference = x[k]! - points[row + k]!;
      q += difference * difference * inverse[k]!;
    }
    for (let j = 0; j < categories.length; j++) {
      const k = categories[j]!;
      if (x[k]! !== points[row + k]!) q += inverse[k]!;
    }
    return q;
  };
  return {
    variance,
    priorVariance: () => variance,
    covariances: (points, count, x, out) => {
      for (let i = 0, row = 0; i < count; i++, row += size) {
        const q = squaredDistance(points, row, x);
        const root = Math.sqrt(5 * q);
        const decay = variance * exp(-root);
        out[i] = (1 + root + (5 / 3) * q) * decay;
      }
    },
    differentiable: (points, count) => {
      const here = new Float64Array(size);
      const slopes = new Float64Array(count);
      const sum = new Float64Array(size);
      return {
        moveTo: (x, out) => {
          here.set(x);
          for (let i = 0, row = 0; i < count; i++, row += size) {
            const q = squaredDistance(points, row, x);
            const root = Math.sqrt(5 * q);
            const decay = variance * exp(-root);
            out[i] = (1 + root + (5 / 3) * q) * decay;
            slopes[i] = (-5 / 3) * (1 + root) * decay;
          }
        },
        addSlopes: (weights, out) => {
          sum.fill(0);
          for (let i = 0, row = 0; i < weights.length; i++, row += size) {
            const push = weights[i]! * slopes[i]!;
            for (let k = 0; k < size; k++) sum[k]! += push * (here[k]! - points[row + k]!);
          }
          for (let j = 0; j < numbers.length; j++) out[numbers[j]!]! += sum[numbers[j]!]! * inverse[numbers[j]!]!;
        },
        addPriorSlope: () => {},
      };
    },
  };
}

/**
 * The same kernel on fixed points, with its derivatives in the hyperparameters of `maternKernel`.
 *
 * The squared distances by coordinate are computed once: each evaluation only weighs them.
 *
 * @param points - Shape (n × d), row-major; categories as any numbers that differ when they do.
 */
export function maternFamily(points: Float64Array, n: number, isCategory: CategoryMask): KernelFamily {
  const size = isCategory.length;
  const distances = squaredDistances(points, n, isCategory);
  const covariance = new Float64Array((n * (n + 1)) / 2);
  const slope = new Float64Array(covariance.length);
  const inverse = new Float64Array(size);
  const fill = (parameters: Float64Array, out: Float64Array): void => {
    const variance = exp(parameters[size]!);
    for (let k = 0; k < size; k++) inverse[k] = exp(-2 * parameters[k]!);
    for (let pair = 0, at = 0; pair < covariance.length; pair++) {
      let q = 0;
      for (let k = 0; k < size; k++) q += distances[at++]! * inverse[k]!;
      const root = Math.sqrt(5 * q);
      const decay = variance * exp(-root);
      const value = (1 + root + (5 / 3) * q) * decay;
      covariance[pair] = value;
      out[pair] = value;
      slope[pair] = (-5 / 6) * (1 + root) * decay;
    }
  };
  const pullBack = (weights: Float64Array, gradient: Float64Array): void => {
    gradient.fill(0, 0, size + 1);
    let ofVariance = 0;
    for (let i = 0, pair = 0, at = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const weight = weights[pair]!;
        ofVariance += weight * covariance[pair]!;
        const push = weight * slope[pair]!;
        for (let k = 0; k < size; k++) gradient[k]! += push * distances[at++]!;
      }
      ofVariance += 0.5 * weights[pair]! * covariance[pair]!;
      pair++;
      at += size; // a point is at no distance from itself
    }
    for (let k = 0; k < size; k++) gradient[k]! *= -2 * inverse[k]!;
    gradient[size] = ofVariance;
  };
  return { parameterCount: size + 1, fill, pullBack };
}

/** For each packed pair (i, j) its d squared distances: shape (n (n + 1) / 2 × d). */
function squaredDistances(points: Float64Array, n: number, isCategory: CategoryMask): Float64Array {
  const size = isCategory.length;
  const distances = new Float64Array(((n * (n + 1)) / 2) * size);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k < size; k++) {
        const difference = points[i * size + k]! - points[j * size + k]!;
        distances[at++] = isCategory[k] ? Number(difference !== 0) : difference * difference;
      }
    }
  }
  return distances;
}
