import { exp, expm1, log1p } from "../../math/exp-log.js";
import { symmetricEigen } from "../../math/symmetric-eigen.js";
import type { Strategy } from "./strategy.js";

/** The search distribution N(m, σ² A C A) over n coordinates, and the paths that its adaptation follows. */
export interface Gaussian {
  readonly n: number;
  /** m, shape (n), in the unit cube. */
  readonly mean: Float64Array;
  /** σ. */
  stepSize: number;
  /** C, shape (n × n), row-major. */
  readonly covariance: Float64Array;
  /** Diagonal of A, shape (n): stretches integer coordinates so that they keep a margin; 1 elsewhere. */
  readonly stretch: Float64Array;
  /** p_σ, shape (n). */
  readonly stepPath: Float64Array;
  /** p_c, shape (n). */
  readonly covariancePath: Float64Array;
  /** Updates so far. */
  generation: number;
  /** Square roots of the eigenvalues of C, shape (n), ascending. */
  deviations: Float64Array;
  /** Shape (n × n), row-major: row i is the eigenvector that belongs to deviation i. */
  axes: Float64Array;
}

export interface Start {
  /** Shape (n), in the unit cube. */
  readonly mean: Float64Array;
  readonly stepSize: number;
  /** Shape (n × n); the identity when absent. */
  readonly covariance?: Float64Array;
}

export function startGaussian({ mean, stepSize, covariance }: Start): Gaussian {
  const n = mean.length;
  const gaussian: Gaussian = {
    n,
    mean: Float64Array.from(mean),
    stepSize,
    covariance: Float64Array.from(covariance ?? identity(n)),
    stretch: new Float64Array(n).fill(1),
    stepPath: new Float64Array(n),
    covariancePath: new Float64Array(n),
    generation: 0,
    deviations: new Float64Array(n),
    axes: new Float64Array(n * n),
  };
  decompose(gaussian);
  return gaussian;
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** Standard deviation of one coordinate. */
export function deviationAt({ n, stepSize, stretch, covariance }: Gaussian, coordinate: number): number {
  return stepSize * stretch[coordinate]! * Math.sqrt(covariance[coordinate * n + coordinate]!);
}

/** The point m + σ A B D z. @param normals - z, shape (n). */
export function pointFrom({ n, mean, stepSize, stretch, deviations, axes }: Gaussian, normals: Float64Array) {
  const point = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const length = deviations[i]! * normals[i]!;
    for (let k = 0; k < n; k++) point[k]! += length * axes[i * n + k]!;
  }
  for (let k = 0; k < n; k++) point[k] = mean[k]! + stepSize * stretch[k]! * point[k]!;
  return point;
}

export interface Generation {
  /** Points, best first: (λ × n), row-major. */
  readonly points: Float64Array;
  /** Shape (λ), of those points; negative ones shrink the distribution in their direction. */
  readonly weights: Float64Array;
  /** For each point the largest ‖C^−½ y‖ that it may have; Infinity for points of this very distribution. */
  readonly longest: Float64Array;
}

/**
 * One update of m, σ and C.
 *
 * A point that was not drawn from this distribution is injected: its step is shortened to a length that the distribution
 * could have given it.
 *
 * @see Hansen 2016, https://arxiv.org/abs/1604.00772, eqs. 38–47
 * @see Hansen 2011, "Injecting External Solutions Into CMA-ES", https://arxiv.org/abs/1110.4181
 */
export function update(gaussian: Gaussian, generation: Generation, strategy: Strategy): void {
  const selection = stepsOf(gaussian, generation);
  const move = moveMean(gaussian, selection);
  gaussian.generation++;
  const { length, isShort } = followPaths(gaussian, move, strategy);
  adaptCovariance(gaussian, selection, { strategy, isShort });
  const { stepRate, stepDamping, expectedLength } = strategy;
  gaussian.stepSize *= exp(Math.min(1, (stepRate / stepDamping) * (length / expectedLength - 1))); // eq. 44
  decompose(gaussian);
}

/** The steps that a generation is made of. */
interface Selection {
  /** y, shape (λ × n), row-major. */
  readonly steps: Float64Array;
  /** w, shape (λ). */
  readonly weights: Float64Array;
  /** w°, shape (λ): those of the rank-μ update. */
  readonly scaled: Float64Array;
}

/** Steps y from the mean, none longer than it may be, and the weights of eq. 46. */
function stepsOf(gaussian: Gaussian, { points, weights, longest }: Generation): Selection {
  const { n, mean, stepSize, stretch } = gaussian;
  const steps = new Float64Array(weights.length * n);
  const scaled = new Float64Array(weights.length);
  for (let row = 0; row < weights.length; row++) {
    const step = steps.subarray(row * n, (row + 1) * n);
    for (let k = 0; k < n; k++) step[k] = (points[row * n + k]! - mean[k]!) / (stepSize * stretch[k]!);
    let length = whitenedLength(gaussian, step);
    if (length > longest[row]!) {
      for (let k = 0; k < n; k++) step[k]! *= longest[row]! / length;
      length = longest[row]!;
    }
    const weight = weights[row]!;
    scaled[row] = weight >= 0 ? weight : (weight * n) / Math.max(length * length, Number.EPSILON);
  }
  return { steps, weights, scaled };
}

/** Move the mean. @returns ⟨y⟩_w, shape (n), as far as the mean went along. */
function moveMean({ n, mean, stepSize, stretch }: Gaussian, { steps, weights }: Selection): Float64Array {
  const move = new Float64Array(n); // ⟨y⟩_w, eq. 41
  for (let row = 0; row < weights.length; row++) {
    if (weights[row]! <= 0) continue;
    for (let k = 0; k < n; k++) move[k]! += weights[row]! * steps[row * n + k]!;
  }
  for (let k = 0; k < n; k++) {
    const next = clip(mean[k]! + stepSize * stretch[k]! * move[k]!); // eq. 42
    // The paths follow what the mean did: at the boundary it would else be driven outwards by ever longer steps.
    move[k] = (next - mean[k]!) / (stepSize * stretch[k]!);
    mean[k] = next;
  }
  return move;
}

/** Let both paths follow a move of the mean. @returns ‖p_σ‖, and whether it is short enough for p_c to follow: h_σ. */
function followPaths(gaussian: Gaussian, move: Float64Array, strategy: Strategy) {
  const { n, stepPath, covariancePath, generation } = gaussian;
  const { pathRate, stepRate, selectionMass, expectedLength } = strategy;
  const whitened = whiten(gaussian, move);
  const keep = Math.sqrt(stepRate * (2 - stepRate) * selectionMass);
  for (let k = 0; k < n; k++) stepPath[k] = (1 - stepRate) * stepPath[k]! + keep * whitened[k]!; // eq. 43
  const length = norm(stepPath);
  const settled = Math.sqrt(-expm1(2 * generation * log1p(-stepRate)));
  const isShort = length / settled < (1.4 + 2 / (n + 1)) * expectedLength;
  const follow = isShort ? Math.sqrt(pathRate * (2 - pathRate) * selectionMass) : 0;
  for (let k = 0; k < n; k++) covariancePath[k] = (1 - pathRate) * covariancePath[k]! + follow * move[k]!; // eq. 45
  return { length, isShort };
}

/** C after the rank-one and the rank-μ update, eq. 47. */
function adaptCovariance(
  { n, covariance, covariancePath }: Gaussian,
  { steps, weights, scaled }: Selection,
  { strategy, isShort }: { readonly strategy: Strategy; readonly isShort: boolean },
): void {
  const { pathRate, rankOneRate, rankMuRate } = strategy;
  let sum = 0;
  for (const weight of weights) sum += weight;
  const forget = 1 + (isShort ? 0 : rankOneRate * pathRate * (2 - pathRate)) - rankOneRate - rankMuRate * sum;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rankMu = 0;
      for (let row = 0; row < weights.length; row++) rankMu += scaled[row]! * steps[row * n + i]! * steps[row * n + j]!;
      const rankOne = covariancePath[i]! * covariancePath[j]!;
      const entry = forget * covariance[i * n + j]! + rankOneRate * rankOne + rankMuRate * rankMu;
      covariance[i * n + j] = entry;
      covariance[j * n + i] = entry;
    }
  }
}

/** C^−½ y. */
function whiten({ n, deviations, axes }: Gaussian, step: Float64Array): Float64Array {
  const whitened = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let along = 0;
    for (let k = 0; k < n; k++) along += axes[i * n + k]! * step[k]!;
    along /= deviations[i]!;
    for (let k = 0; k < n; k++) whitened[k]! += along * axes[i * n + k]!;
  }
  return whitened;
}

function whitenedLength({ n, deviations, axes }: Gaussian, step: Float64Array): number {
  let square = 0;
  for (let i = 0; i < n; i++) {
    let along = 0;
    for (let k = 0; k < n; k++) along += axes[i * n + k]! * step[k]!;
    square += (along / deviations[i]!) ** 2;
  }
  return Math.sqrt(square);
}

/** Keeps C positive definite: rounding, and negative weights, may cost it that. */
function decompose(gaussian: Gaussian): void {
  const { n, covariance } = gaussian;
  const { values, vectors } = symmetricEigen(covariance, n);
  const largest = values[n - 1]!;
  const smallest = largest / mostUneven;
  if (!(values[0]! >= smallest)) {
    for (let i = 0; i < n; i++) values[i] = Math.max(values[i]!, smallest);
    covariance.fill(0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) covariance[j * n + k]! += values[i]! * vectors[i * n + j]! * vectors[i * n + k]!;
      }
    }
  }
  gaussian.deviations = values.map(Math.sqrt);
  gaussian.axes = vectors;
}

/** Ratio of the largest to the smallest eigenvalue of C. */
export const mostUneven = 1e14;

function norm(vector: Float64Array): number {
  let square = 0;
  for (const entry of vector) square += entry * entry;
  return Math.sqrt(square);
}

function clip(coordinate: number): number {
  return Math.min(1, Math.max(0, coordinate));
}
