/**
 * A stream of random numbers that depends on its key alone: no state to store, and no two workers on one stream.
 */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in 0 … n − 1, without bias; 1 ≤ n ≤ 2⁵³. */
  below(n: number): number;
}
