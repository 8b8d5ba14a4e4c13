import type { KernelDensity } from "./kernel-density.js";

/** A point that may be proposed. */
export interface Candidate {
  /** Shape (d), in the unit cube. */
  readonly point: Float64Array;
  /** ln l(x). */
  readonly logL: number;
}

/**
 * Candidates by falling l(x) / g(x). As g(x) has many kernels, it is computed only as far as it takes to see that
 * another candidate is better.
 */
export function* bestFirst(candidates: readonly Candidate[], g: KernelDensity): Generator<Float64Array, void> {
  const left = candidates.map(({ point, logL }) => ({ point, logL, bound: logL - g.logFloor, isExact: false }));
  left.sort((a, b) => b.bound - a.bound);
  while (left.length > 0) yield left.splice(indexOfBest(left, g), 1)[0]!.point;
}

interface Bounded extends Candidate {
  /** ln of l(x) / g(x), or more. */
  bound: number;
  /** It is just that. */
  isExact: boolean;
}

function indexOfBest(left: readonly Bounded[], g: KernelDensity): number {
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < left.length; at++) {
    const candidate = left[at]!;
    if (candidate.bound <= bestScore) continue;
    if (!candidate.isExact) {
      const enough = candidate.logL - bestScore;
      const logG = g.logDensity(candidate.point, enough);
      candidate.isExact = logG < enough;
      // By rounding, the difference could be above the best score.
      candidate.bound = candidate.isExact ? candidate.logL - logG : bestScore;
    }
    if (candidate.bound > bestScore) {
      best = at;
      bestScore = candidate.bound;
    }
  }
  return best;
}
