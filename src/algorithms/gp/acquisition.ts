import { log } from "../../math/exp-log.js";
import { logImprovement } from "../../math/log-expected-improvement.js";
import type { Posterior } from "./posterior.js";

/** An acquisition function over the unit cube: the higher, the better a point is to try. */
export interface Acquisition {
  /** Its values at points, each of shape (d), in their order. */
  readonly values: (points: readonly ArrayLike<number>[]) => Float64Array;
  /** @param slope - Shape (d): takes the derivatives. */
  readonly valueWithSlope: (x: ArrayLike<number>, slope: Float64Array) => number;
}

export interface ImprovementSource {
  readonly posterior: Posterior;
  /** A mean that the posterior has somewhere, in the units of its targets. */
  readonly best: number;
  /** d. */
  readonly size: number;
  /** What the standard deviations of the posterior are multiplied with; below 1, known good points count for more. */
  readonly curiosity: number;
}

/** ln EI: the logarithm of the expected improvement upon `best`, ln σ + ln h((best − μ) / σ). */
export function logExpectedImprovement({ posterior, best, size, curiosity }: ImprovementSource): Acquisition {
  const moments = new Float64Array(8);
  const improvement = new Float64Array(2);
  const meanSlope = new Float64Array(size);
  const varianceSlope = new Float64Array(size);
  const values: Acquisition["values"] = (points) => {
    const found = new Float64Array(points.length);
    for (let start = 0; start < points.length; start += 4) {
      const some = points.slice(start, start + 4);
      posterior.predictFour(some, moments);
      for (let i = 0; i < some.length; i++) {
        const deviation = curiosity * Math.sqrt(moments[2 * i + 1]!);
        logImprovement((best - moments[2 * i]!) / deviation, improvement);
        found[start + i] = log(deviation) + improvement[0]!;
      }
    }
    return found;
  };
  const valueWithSlope = (x: ArrayLike<number>, slope: Float64Array): number => {
    posterior.predictWithSlopes(x, moments, meanSlope, varianceSlope);
    const deviation = curiosity * Math.sqrt(moments[1]!);
    const z = (best - moments[0]!) / deviation;
    logImprovement(z, improvement);
    // ∂σ = ∂σ² / 2σ, ∂z = −(∂μ + z ∂σ) / σ
    for (let k = 0; k < size; k++) {
      const ofDeviation = (curiosity * curiosity * varianceSlope[k]!) / (2 * deviation);
      slope[k] = (ofDeviation - improvement[1]! * (meanSlope[k]! + z * ofDeviation)) / deviation;
    }
    return log(deviation) + improvement[0]!;
  };
  return { values, valueWithSlope };
}
