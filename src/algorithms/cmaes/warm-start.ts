import { log } from "../../math/exp-log.js";
import { type CategoryOdds, startOdds } from "./categories.js";
import type { RunStart } from "./run.js";
import { categoryAt, type SearchModel } from "./search-model.js";

/** A trial that was there before the first one of CMA-ES. */
export interface EarlierResult {
  /** Shape (d), in the unit cube. */
  readonly point: Float64Array;
  /** Finite. */
  readonly objective: number;
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
  { earlier, stepSize }: { readonly earlier: readonly EarlierResult[]; readonly stepSize: number },
): Omit<RunStart, "populationSize"> | undefined {
  const count = Math.ceil(bestShare * earlier.length);
  if (count < fewest) return undefined;
  const best = earlier.toSorted((a, b) => a.objective - b.objective).slice(0, count);
  const weights = best.map((_, rank) => log(count + 0.5) - log(rank + 0.5 + 0.5));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const rank of weights.keys()) weights[rank]! /= total;
  const gaussian = weightedGaussian(model, { best, weights, stepSize });
  return { ...gaussian, odds: weightedOdds(model, { best, weights }) };
}

/** γ of the paper. */
const bestShare = 0.1;
/** Two points have no shape. */
const fewest = 3;
const thinnest = 0.01;

interface Weighted {
  readonly best: readonly EarlierResult[];
  /** Sum to 1. */
  readonly weights: readonly number[];
}

function weightedGaussian({ numeric }: SearchModel, { best, weights, stepSize }: Weighted & { stepSize: number }) {
  const n = numeric.length;
  const mean = Float64Array.from(numeric, (at) =>
    best.reduce((sum, { point }, i) => sum + weights[i]! * point[at]!, 0),
  );
  const covariance = new Float64Array(n * n);
  for (const [i, { point }] of best.entries()) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        const product = (point[numeric[j]!]! - mean[j]!) * (point[numeric[k]!]! - mean[k]!);
        covariance[j * n + k]! += weights[i]! * product;
      }
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
function weightedOdds(model: SearchModel, { best, weights }: Weighted): CategoryOdds {
  const odds = startOdds(model);
  for (const [at, q] of odds.entries()) {
    for (const category of q.keys()) q[category]! /= 2;
    const coordinate = model.categorical[at]!;
    for (const [i, { point }] of best.entries()) {
      q[categoryAt(coordinate, point[coordinate.coordinate]!)]! += weights[i]! / 2;
    }
  }
  return odds;
}
