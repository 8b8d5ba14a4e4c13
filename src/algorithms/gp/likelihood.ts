import { factorize, invertFactored, logDeterminant, rowStart, solveLower, solveUpper } from "../../math/cholesky.js";
import { dot } from "../../math/dot.js";
import { exp } from "../../math/exp-log.js";
import type { DifferentiableFunction } from "../../math/l-bfgs-b.js";
import type { KernelFamily } from "./kernel.js";

/** ln p of a hyperparameter and its derivative, for its logarithm `x`. */
export type LogPrior = (x: number) => readonly [value: number, slope: number];

/** A normal distribution of the logarithm. */
export function normalPrior(mean: number, deviation: number): LogPrior {
  return (x) => {
    const z = (x - mean) / deviation;
    return [-0.5 * z * z, -z / deviation];
  };
}

export interface Evidence {
  readonly family: KernelFamily;
  /** Targets with mean about 0 and variance about 1, shape (n). */
  readonly targets: Float64Array;
  /** One for each hyperparameter of the family, and the last for the variance of the noise. */
  readonly priors: readonly LogPrior[];
}

/**
 * The negative logarithm of the posterior of hyperparameters, up to a constant, with its gradient:
 *
 *     ½ yᵀ K⁻¹ y + ½ ln |K| − Σ ln p(θ),    gradient ½ tr((K⁻¹ − α αᵀ) ∂K) − Σ ∂ ln p(θ),    α = K⁻¹ y
 *
 * The last hyperparameter is the logarithm of the variance of the noise, which is added to the diagonal. Infinity where
 * K has no factor. It keeps its working memory between calls.
 *
 * @see Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", eq. 5.8 and 5.9
 */
export function negativeLogPosterior({ family, targets, priors }: Evidence): DifferentiableFunction {
  const n = targets.length;
  const noiseAt = family.parameterCount;
  const factor = new Float64Array(rowStart(n));
  const work = new Float64Array(n * n);
  const weights = new Float64Array(rowStart(n));
  const alpha = new Float64Array(n);
  return (parameters, gradient) => {
    const noise = exp(parameters[noiseAt]!);
    family.fill(parameters, factor);
    if (!factorize(factor, n, noise)) return Number.POSITIVE_INFINITY;
    alpha.set(targets);
    solveLower(factor, n, alpha);
    solveUpper(factor, n, alpha);
    let value = 0.5 * dot(targets, 0, alpha, 0, n) + 0.5 * logDeterminant(factor, n);
    invertFactored(factor, n, work, weights);
    const trace = subtractOuter(weights, alpha);
    family.pullBack(weights, gradient);
    gradient[noiseAt] = 0.5 * noise * trace;
    for (let i = 0; i < priors.length; i++) {
      const [logDensity, slope] = priors[i]!(parameters[i]!);
      value -= logDensity;
      gradient[i]! -= slope;
    }
    return value;
  };
}

/** Subtracts α αᵀ from a packed matrix, and returns the trace of what is left. */
function subtractOuter(matrix: Float64Array, alpha: Float64Array): number {
  let trace = 0;
  for (let i = 0, pair = 0; i < alpha.length; i++) {
    for (let j = 0; j <= i; j++, pair++) matrix[pair]! -= alpha[i]! * alpha[j]!;
    trace += matrix[pair - 1]!;
  }
  return trace;
}
