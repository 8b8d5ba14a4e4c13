import { expm1, log } from "../../math/exp-log.js";
import type { SearchModel } from "./search-model.js";

/** For each categorical coordinate the probability of each category; shape (coordinates)(categories). */
export type CategoryOdds = readonly Float64Array[];

export function startOdds({ categorical }: SearchModel): CategoryOdds {
  return categorical.map(({ prior }) => Float64Array.from(prior));
}

/** The category at a uniform number in [0, 1). */
export function drawCategory(odds: Float64Array, uniform: number): number {
  let rest = uniform;
  let last = 0;
  for (const [category, probability] of odds.entries()) {
    last = category;
    rest -= probability;
    if (rest < 0) break;
  }
  return last;
}

export interface Lesson {
  /** The category of each point: (λ) for each categorical coordinate. */
  readonly chosen: readonly Int32Array[];
  /** Shape (λ), those that are positive sum to 1. */
  readonly weights: Float64Array;
  readonly rate: number;
}

/**
 * Move the odds towards the categories of the better points, q ← q + η Σ wᵢ (1[cᵢ] − q), and keep a margin for each.
 *
 * The natural gradient of a categorical distribution with the weights of CMA-ES. The margin is such that a generation
 * tries another than the likely categories with a probability of 0.27, however sure the odds have become.
 *
 * @see Hamano et al. 2024, "CatCMA: Stochastic Optimization for Mixed-Category Problems", https://arxiv.org/abs/2405.09962
 */
export function learnOdds(odds: CategoryOdds, { chosen, weights, rate }: Lesson): void {
  for (const [at, q] of odds.entries()) {
    let total = 0;
    const share = new Float64Array(q.length);
    for (const [row, weight] of weights.entries()) {
      if (weight <= 0) continue;
      total += weight;
      share[chosen[at]![row]!]! += weight;
    }
    for (const category of q.keys()) q[category]! += rate * (share[category]! - total * q[category]!);
    keepMargin(q, weights.length * odds.length);
  }
}

/** Raise each category to the margin, and take that from the others in proportion to what they have above it. */
function keepMargin(q: Float64Array, trials: number): void {
  if (q.length < 2) return;
  const margin = Math.min(1 / q.length, -expm1(log(0.73) / trials) / (q.length - 1));
  let [raised, above] = [0, 0];
  for (const probability of q) {
    raised += Math.max(0, margin - probability);
    above += Math.max(0, probability - margin);
  }
  for (const [category, probability] of q.entries()) {
    q[category] = probability <= margin ? margin : probability - ((probability - margin) * raised) / above;
  }
}
