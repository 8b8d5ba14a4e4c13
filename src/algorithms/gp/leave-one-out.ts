import { invertFactored, rowStart } from "../../math/cholesky.js";
import { type Regression, solveTargets } from "./posterior.js";

/**
 * The share of the variance of the targets that a regression explains when each is left out in turn, R²: among all of
 * them or among the better half, whichever is less. 1 is perfect; below 0, their mean alone would do better.
 *
 * The better half by itself, because a model may know where a function is bad and nothing of where it is good.
 *
 * @param targets - Shape (n), of all points of the regression.
 */
export function explainedShare(regression: Regression, targets: Float64Array): number {
  const residuals = leaveOneOut(regression, targets);
  const ranked = [...targets.keys()].sort((a, b) => targets[a]! - targets[b]! || a - b);
  const better = ranked.slice(0, targets.length >> 1);
  return Math.min(...[ranked, better].map((rows) => shareAmong(rows, targets, residuals)));
}

function shareAmong(rows: readonly number[], targets: Float64Array, residuals: Float64Array): number {
  let mean = 0;
  for (const row of rows) mean += targets[row]! / rows.length;
  let [total, left] = [0, 0];
  for (const row of rows) {
    total += (targets[row]! - mean) ** 2;
    left += residuals[row]! ** 2;
  }
  return total > 0 ? 1 - left / total : 0;
}

/**
 * By how much the posterior mean misses each target when that one is left out, without a regression for each of them:
 * y_i − μ_i = [K⁻¹ y]_i / [K⁻¹]_ii.
 *
 * @returns Shape (n).
 * @see Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", eq. 5.12
 */
export function leaveOneOut(regression: Regression, targets: Float64Array): Float64Array {
  const n = targets.length;
  const inverse = new Float64Array(rowStart(n));
  invertFactored(regression.factor, n, new Float64Array(n * n), inverse);
  return solveTargets(regression, targets).map((alpha, i) => alpha / inverse[rowStart(i) + i]!);
}
