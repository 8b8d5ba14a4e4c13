/**
 * What a Gaussian process needs of a kernel with given hyperparameters: to predict, and to climb its acquisition
 * function. Points are rows of row-major matrices in the unit cube.
 */
export interface Kernel {
  /** k(x, x), without noise. */
  readonly variance: number;
  /**
   * Fills `out` with k(xᵢ, x) for the first `count` rows of `points`.
   *
   * @param slopes - When given, takes the factor sᵢ with ∂k(xᵢ, x) / ∂x_k = sᵢ · w_k (x_k − x_ik), shape (count).
   */
  readonly covariances: (
    points: Float64Array,
    count: number,
    x: ArrayLike<number>,
    out: Float64Array,
    slopes?: Float64Array,
  ) => void;
  /** w, shape (d): how fast the covariance falls along a coordinate; 0 where it has no derivative. */
  readonly weights: Float64Array;
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
   */
  readonly pullBack: (weights: Float64Array, gradient: Float64Array) => void;
}
