import { log } from "../../math/exp-log.js";

/** Weights and learning rates of CMA-ES; they follow from the dimension n and the population size λ alone. */
export interface Strategy {
  readonly populationSize: number;
  /** Shape (λ), falling: the first ⌊λ/2⌋ are positive and sum to 1, the others are negative (active CMA). */
  readonly weights: Float64Array;
  /** Variance-effective selection mass μ_eff of the positive weights. */
  readonly selectionMass: number;
  readonly pathRate: number;
  readonly stepRate: number;
  readonly stepDamping: number;
  readonly rankOneRate: number;
  readonly rankMuRate: number;
  /** E‖N(0, I)‖. */
  readonly expectedLength: number;
}

/**
 * The default parameters of CMA-ES.
 *
 * @param n - Dimension, at least 1.
 * @param populationSize - λ, at least 2.
 * @see Hansen 2016, "The CMA Evolution Strategy: A Tutorial", table 1, https://arxiv.org/abs/1604.00772
 */
export function strategyFor(n: number, populationSize: number): Strategy {
  const raw = Float64Array.from({ length: populationSize }, (_, i) => log((populationSize + 1) / 2) - log(i + 1)); // eq. 49
  const parents = Math.floor(populationSize / 2);
  const selectionMass = effectiveMass(raw.subarray(0, parents));
  const pathRate = (4 + selectionMass / n) / (n + 4 + (2 * selectionMass) / n); // eq. 56
  const stepRate = (selectionMass + 2) / (n + selectionMass + 5); // eq. 55
  const stepDamping = 1 + 2 * Math.max(0, Math.sqrt((selectionMass - 1) / (n + 1)) - 1) + stepRate;
  const rankOneRate = 2 / ((n + 1.3) ** 2 + selectionMass); // eq. 57
  const rankMuRate = Math.min(
    1 - rankOneRate,
    (2 * (0.25 + selectionMass + 1 / selectionMass - 2)) / ((n + 2) ** 2 + selectionMass), // eq. 58
  );
  const negativeMass = effectiveMass(raw.subarray(parents));
  const mostNegative = Math.min(
    1 + rankOneRate / rankMuRate, // eq. 50
    1 + (2 * negativeMass) / (selectionMass + 2), // eq. 51
    (1 - rankOneRate - rankMuRate) / (n * rankMuRate), // eq. 52
  );
  const positive = raw.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  const negative = raw.reduce((sum, weight) => sum + Math.max(0, -weight), 0);
  return {
    populationSize,
    weights: raw.map((weight) => (weight >= 0 ? weight / positive : (mostNegative * weight) / negative)), // eq. 53
    selectionMass,
    pathRate,
    stepRate,
    stepDamping,
    rankOneRate,
    rankMuRate,
    expectedLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** λ = 4 + ⌊3 ln n⌋, eq. 48. */
export function defaultPopulationSize(n: number): number {
  return 4 + Math.floor(3 * log(Math.max(1, n)));
}

/** (Σ w)² / Σ w², eq. 8. */
function effectiveMass(weights: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
