/**
 * What a Gaussian process needs of a kernel with given hyperparameters: to predict, and to climb its acquisition
 * function. Points are rows of row-major matrices in the unit cube, shape (n × d).
 */
export interface Kernel {
  /** How large k(x, x) is on the whole, for whoever needs a small part of it. */
  readonly variance: number;
  /** k(x, x), without noise. */
  readonly priorVariance: (x: ArrayLike<number>) => number;
  /** Fills `out` with k(xᵢ, x) for the first `count` rows of `points`. */
  readonly covariances: (points: Float64Array, count: number, x: ArrayLike<number>, out: Float64Array) => void;
  /** The same for always the same points, with derivatives. It has working memory of its own. */
  readonly differentiable: (points: Float64Array, count: number) => DifferentiableKernel;
}

/** The covariances of a point x with `count` fixed ones xᵢ. */
export interface DifferentiableKernel {
  /** Moves to x, and fills `out` with k(xᵢ, x). */
  readonly moveTo: (x: ArrayLike<number>, out: Float64Array) => void;
  /**
   * Adds Σᵢ wᵢ ∂k(xᵢ, x) / ∂x to `out`, shape (d); nothing to coordinates in which the kernel has no derivative.
   *
   * @param weights - w, of the first points, of all or fewer.
   */
  readonly addSlopes: (weights: Float64Array, out: Float64Array) => void;
  /** Adds ∂k(x, x) / ∂x to `out`, shape (d). */
  readonly addPriorSlope: (out: Float64Array) => void;
}

/** A kernel whose hyperparameters are to be fitted, on given points. */
export interface KernelFamily {
  /** p, how many hyperparameters it has, in logarithms. */
  readonly parameterCount: number;
  /**
   * Fills `out`, packed (see `cholesky.ts`), with the covariances of the points, without noise.
   *
   * @param parameters - Shape (p) or longer.
   */
  readonly fill: (parameters: Float64Array, out: Float64Array) => void;
  /**
   * Fills `gradient` with Σ_ij G_ij ∂K_ij / ∂θ / 2 for the matrix of the last `fill`.
   *
   * @param weights - G, packed.
   * @param gradient - Shape (p) or longer.
   */
  readonly pullBack: (weights: Float64Array, gradient: Float64Array) => void;
}
