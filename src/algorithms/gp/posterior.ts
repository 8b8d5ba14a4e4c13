import { NumericalError } from "../../errors.js";
import { factorRow, jitters, rowStart, solveLower, solveLowerFour, solveUpper } from "../../math/cholesky.js";
import { dot } from "../../math/dot.js";
import type { Kernel } from "./kernel.js";

/** Points with a Cholesky factor of their covariances, to which rows are appended. */
export interface Regression {
  readonly kernel: Kernel;
  /** Variance of the noise of a target. */
  readonly noise: number;
  /** d, the coordinates of a point. */
  readonly size: number;
  /** Points in the factor. */
  count: number;
  /** Shape (count × d), row-major; longer than that, since it grows in large steps. */
  points: Float64Array;
  /** L, packed, see `cholesky.ts`. */
  factor: Float64Array;
  /** Which of `jitters` the factor has. */
  jitterAt: number;
}

/** A regression without points. */
export function emptyRegression({ kernel, noise, size }: Pick<Regression, "kernel" | "noise" | "size">): Regression {
  return {
    kernel,
    noise,
    size,
    count: 0,
    points: new Float64Array(64 * size),
    factor: new Float64Array(rowStart(64)),
    jitterAt: 0,
  };
}

/** A copy that can be appended to while the original stays as it is. */
export function copyRegression(regression: Regression): Regression {
  return { ...regression, points: regression.points.slice(), factor: regression.factor.slice() };
}

/**
 * Add points, each in n² / 2 multiplications.
 *
 * When rounding makes the matrix singular, the factor is begun again with the next jitter. A factor from scratch would
 * meet the same obstacle at the same row, so it ends with the same jitter and the same numbers.
 *
 * @param points - Shape (count × d), row-major.
 * @throws {NumericalError} when no jitter helps; the regression must not be used any more.
 */
export function appendPoints(regression: Regression, points: Float64Array, count: number): void {
  const { size } = regression;
  const first = regression.count;
  reserve(regression, first + count);
  regression.points.set(points.subarray(0, count * size), first * size);
  regression.count = first + count;
  for (let row = first; row < regression.count; row++) {
    if (appendRow(regression, row)) continue;
    regression.jitterAt++;
    if (regression.jitterAt === jitters.length) {
      throw new NumericalError(
        `The covariances of ${row + 1} points have no Cholesky factor, whatever is added to them.`,
      );
    }
    row = -1;
  }
}

function appendRow({ kernel, noise, size, points, factor, jitterAt }: Regression, row: number): boolean {
  const start = rowStart(row);
  kernel.covariances(points, row + 1, points.subarray(row * size, (row + 1) * size), factor.subarray(start));
  return factorRow(factor, row, noise + kernel.variance * jitters[jitterAt]!);
}

function reserve(regression: Regression, count: number): void {
  const capacity = regression.points.length / regression.size;
  if (count <= capacity) return;
  const larger = Math.max(count, 2 * capacity);
  const points = new Float64Array(larger * regression.size);
  points.set(regression.points);
  const factor = new Float64Array(rowStart(larger));
  factor.set(regression.factor);
  regression.points = points;
  regression.factor = factor;
}

/**
 * α = K⁻¹ y: what turns covariances into the posterior mean.
 *
 * @param targets - y, shape (m), of the first m points, m ≤ count. The points after them stand for trials that have no
 *   result yet: their fantasies are the posterior means themselves, which change no mean anywhere, only variances.
 * @returns Shape (m).
 */
export function solveTargets({ factor }: Regression, targets: Float64Array): Float64Array {
  const alpha = targets.slice();
  solveLower(factor, alpha.length, alpha);
  solveUpper(factor, alpha.length, alpha);
  return alpha;
}

/** A regression with targets, and the working memory of its predictions. */
export interface Posterior {
  /**
   * Mean and variance of the function, without noise, at up to four points.
   *
   * @param out - Shape (4 × 2): takes the mean and the variance, which is positive, of each.
   */
  readonly predictFour: (points: readonly ArrayLike<number>[], out: Float64Array) => void;
  /**
   * The same at one point, with derivatives in the coordinates, 0 at those that have none.
   *
   * @param out - Shape (2).
   * @param meanSlope - Shape (d).
   * @param varianceSlope - Shape (d).
   */
  readonly predictWithSlopes: (
    x: ArrayLike<number>,
    out: Float64Array,
    meanSlope: Float64Array,
    varianceSlope: Float64Array,
  ) => void;
}

/** The posterior of the function given targets at the first points of a regression, see `solveTargets`. */
export function posteriorOf(regression: Regression, alpha: Float64Array): Posterior {
  const { kernel, count, points, factor } = regression;
  const covariances = new Float64Array(count);
  const solved = new Float64Array(count);
  const four = new Float64Array(4 * count);
  const differentiable = kernel.differentiable(points, count);
  const least = kernel.variance * 1e-12; // rounding may turn a variance of 0 negative
  const predictFour: Posterior["predictFour"] = (chosen, out) => {
    four.fill(0);
    for (let column = 0; column < chosen.length; column++) {
      kernel.covariances(points, count, chosen[column]!, covariances);
      out[2 * column] = dot(alpha, 0, covariances, 0, alpha.length);
      for (let i = 0; i < count; i++) four[4 * i + column] = covariances[i]!;
    }
    solveLowerFour(factor, count, four);
    for (let column = 0; column < chosen.length; column++) {
      let known = 0;
      for (let at = column; at < four.length; at += 4) known += four[at]! * four[at]!;
      out[2 * column + 1] = Math.max(kernel.priorVariance(chosen[column]!) - known, least);
    }
  };
  const predictWithSlopes: Posterior["predictWithSlopes"] = (x, out, meanSlope, varianceSlope) => {
    differentiable.moveTo(x, covariances);
    out[0] = dot(alpha, 0, covariances, 0, alpha.length);
    solved.set(covariances);
    solveLower(factor, count, solved);
    out[1] = Math.max(kernel.priorVariance(x) - dot(solved, 0, solved, 0, count), least);
    solveUpper(factor, count, solved);
    meanSlope.fill(0);
    differentiable.addSlopes(alpha, meanSlope);
    // ∂(k(x, x) − kᵀ K⁻¹ k) = ∂k(x, x) − 2 (K⁻¹ k)ᵀ ∂k
    varianceSlope.fill(0);
    for (let i = 0; i < count; i++) solved[i]! *= -2;
    differentiable.addSlopes(solved, varianceSlope);
    differentiable.addPriorSlope(varianceSlope);
  };
  return { predictFour, predictWithSlopes };
}
