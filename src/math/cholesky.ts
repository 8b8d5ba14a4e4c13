import { addScaled, dot } from "./dot.js";
import { log } from "./exp-log.js";

/**
 * Cholesky factors K = L Lᵀ of symmetric positive definite matrices.
 *
 * Matrices here are packed: the lower triangle row by row, row i with its i + 1 numbers from `rowStart(i)` on. So a
 * matrix of n + 1 rows begins with the one of n rows, and one more row appends to it in place.
 *
 * Row i of L follows from row i of K and the rows of L above it. Hence a factor that was appended to row by row is, bit
 * for bit, the factor of the whole matrix: whoever kept one and whoever computes it anew agree.
 */

/** Where row i begins in a packed triangle; also the size of a triangle of i rows. */
export function rowStart(i: number): number {
  return (i * (i + 1)) / 2;
}

/**
 * Turn row i of K into row i of L: the append, in n² / 2 multiplications.
 *
 * @param factor - Packed; rows above i are of L, row i is of K and becomes one of L.
 * @param jitter - Added to the diagonal element of K.
 * @returns False when K is not positive definite up to rounding; row i is of no use then.
 */
export function factorRow(factor: Float64Array, i: number, jitter = 0): boolean {
  const start = rowStart(i);
  for (let j = 0, row = 0; j < i; row += ++j) {
    factor[start + j] = (factor[start + j]! - dot(factor, start, factor, row, j)) / factor[row + j]!;
  }
  const diagonal = factor[start + i]! + jitter;
  const pivot = diagonal - dot(factor, start, factor, start, i);
  factor[start + i] = Math.sqrt(pivot);
  return pivot > diagonal * 1e-15; // false for NaN as well
}

/**
 * The factor of a matrix of n rows, in its place, in n³ / 6 multiplications.
 *
 * @returns False when the matrix is not positive definite up to rounding.
 */
export function factorize(matrix: Float64Array, n: number, jitter = 0): boolean {
  for (let i = 0; i < n; i++) if (!factorRow(matrix, i, jitter)) return false;
  return true;
}

/**
 * The jitters that are tried one after the other on a matrix whose diagonal is about 1: none, then 1e-10 … 1e-2.
 *
 * Two points that coincide give two equal rows, and rounding may turn them to either side of singular.
 */
export const jitters: readonly number[] = [0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];

/** Solve L x = b in place. @param b - Shape (n). */
export function solveLower(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0, row = 0; i < n; row += ++i) b[i] = (b[i]! - dot(factor, row, b, 0, i)) / factor[row + i]!;
}

/** Solve Lᵀ x = b in place. @param b - Shape (n). */
export function solveUpper(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = rowStart(i);
    b[i]! /= factor[row + i]!;
    addScaled(b, 0, -b[i]!, factor, row, i);
  }
}

/**
 * Solve L x = b for four right sides at once, in place: each number of L is read once instead of four times.
 *
 * @param b - Shape (n × 4), row-major: a column for each right side.
 */
export function solveLowerFour(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0, row = 0; i < n; row += ++i) {
    const at = 4 * i;
    let first = b[at]!;
    let second = b[at + 1]!;
    let third = b[at + 2]!;
    let fourth = b[at + 3]!;
    for (let j = 0; j < i; j++) {
      const weight = factor[row + j]!;
      first -= weight * b[4 * j]!;
      second -= weight * b[4 * j + 1]!;
      third -= weight * b[4 * j + 2]!;
      fourth -= weight * b[4 * j + 3]!;
    }
    const pivot = 1 / factor[row + i]!;
    b[at] = first * pivot;
    b[at + 1] = second * pivot;
    b[at + 2] = third * pivot;
    b[at + 3] = fourth * pivot;
  }
}

/**
 * K⁻¹ = L⁻ᵀ L⁻¹, packed, in n³ / 3 multiplications.
 *
 * @param work - Shape (n × n): takes L⁻¹, column after column, so that both steps are inner products of neighbours.
 * @param out - Takes K⁻¹, packed.
 */
export function invertFactored(factor: Float64Array, n: number, work: Float64Array, out: Float64Array): void {
  for (let i = 0, row = 0; i < n; row += ++i) {
    const pivot = 1 / factor[row + i]!;
    for (let j = 0; j < i; j++) work[j * n + i] = -pivot * dot(factor, row + j, work, j * n + j, i - j);
    work[i * n + i] = pivot;
  }
  for (let i = 0, pair = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) out[pair++] = dot(work, i * n + i, work, j * n + i, n - i);
  }
}

/** ln |K| = 2 Σ ln L_ii. */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0, row = 0; i < n; row += ++i) sum += log(factor[row + i]!);
  return 2 * sum;
}
