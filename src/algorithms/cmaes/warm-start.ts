import { log } from "../../math/exp-log.js";
import { type CategoryOdds, startOdds } from "./categories.js";
import type { RunStart } from "./run.js";
import { categoryAt, type SearchModel } from "./search-model.js";

/** Trials that were there before the first one of CMA-ES. */
export interface EarlierResults {
  /** Shape (n × d) or longer, row-major, in the unit cube. */
  readonly points: Float64Array;
  /** Rows of those with finite objectives, best first. */
  readonly ranked: Int32Array;
}

/**
 * The distribution of the best tenth of earlier trials, whoever made them; `undefined` when there are too few.
 *
 * Mean and covariance of these points, the better ones weighing more. The covariance is mixed with a round one the more,
 * the fewer points there are, and never thinner than a hundredth of the cube.
 *
 * A departure from the paper, which takes the covariance of a mixture of Gaussians of width 0.1 around the points: a
 * history that a model has searched is denser than that around its best.
 *
 * @see Nomura et al. 2021, "Warm Starting CMA-ES for Hyperparameter Optimization", §4, https://arxiv.org/abs/2012.06932
 */
export function warmStart(
  model: SearchModel,
  { points, ranked, stepSize }: EarlierResults & { readonly stepSize: number },
): Omit<RunStart, "populationSize"> | undefined {
  const count = Math.ceil(bestShare * ranked.length);
  if (count < fewest) return undefined;
  const best = ranked.subarray(0, count);
  const weights = Float64Array.from(best, (_, rank) => log(count + 0.5) - log(rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const rank of weights.keys()) weights[rank]! /= total;
  const gaussian = weightedGaussian(model, { points, best, weights, stepSize });
  return { ...gaussian, odds: weightedOdds(model, { points, best, weights }) };
}

/** γ of the paper. */
const bestShare = 0.1;
/** Two points have no shape. */
const fewest = 3;
const thinnest = 0.01;

interface Weighted extends Pick<EarlierResults, "points"> {
  /** Rows of `points`. */
  readonly best: Int32Array;
  /** Shape of `best`; they sum to 1. */
  readonly weights: Float64Array;
}

function weightedGaussian(
  { numeric, size }: SearchModel,
  { points, best, weights, stepSize }: Weighted & { stepSize: number },
) {
  const n = numeric.length;
  const mean = new Float64Array(n);
  for (let i = 0; i < best.length; i++) {
    for (let j = 0; j < n; j++) mean[j]! += weights[i]! * points[best[i]! * size + numeric[j]!]!;
  }
  const covariance = new Float64Array(n * n);
  const step = new Float64Array(n);
  for (let i = 0; i < best.length; i++) {
    for (let j = 0; j < n; j++) step[j] = points[best[i]! * size + numeric[j]!]! - mean[j]!;
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) covariance[j * n + k]! += weights[i]! * (step[j]! * step[k]!);
    }
  }
  let variance = 0;
  for (let k = 0; k < n; k++) variance += covariance[k * n + k]! / n;
  const scale = Math.min(stepSize ** 2, Math.max(variance, thinnest ** 2));
  const round = n / (n + best.length);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      covariance[j * n + k] = ((1 - round) * covariance[j * n + k]!) / scale + (j === k ? round : 0);
    }
  }
  return { mean, stepSize: Math.sqrt(scale), covariance };
}

/** Half of what the prior says, half of what the best points have. */
function weightedOdds(model: SearchModel, { points, best, weights }: Weighted): CategoryOdds {
  const odds = startOdds(model);
  for (const [at, q] of odds.entries()) {
    for (const category of q.keys()) q[category]! /= 2;
    const coordinate = model.categorical[at]!;
    for (let i = 0; i < best.length; i++) {
      q[categoryAt(coordinate, points[best[i]! * model.size + coordinate.coordinate]!)]! += weights[i]! / 2;
    }
  }
  return odds;
}
