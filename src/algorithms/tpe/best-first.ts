import type { KernelDensity } from "./kernel-density.js";

/** A point that may be proposed. */
export interface Candidate {
  /** Shape (d), in the unit cube. */
  readonly point: Float64Array;
  /** ln l(x). */
  readonly logL: number;
}

/**
 * Candidates by falling l(x) / g(x). As g(x) has many kernels, it is left aside for those whose l(x) is too small to
 * win, whatever their g(x) is.
 */
export function* bestFirst(candidates: readonly Candidate[], g: KernelDensity): Generator<Float64Array, void> {
  const unseen = candidates.toSorted((a, b) => a.logL - b.logL);
  const seen: { readonly point: Float64Array; readonly score: number }[] = []; // by rising score
  while (unseen.length + seen.length > 0) {
    const bound = (unseen[unseen.length - 1]?.logL ?? Number.NEGATIVE_INFINITY) - g.logFloor;
    const best = seen[seen.length - 1];
    if (best !== undefined && best.score >= bound) {
      yield seen.pop()!.point;
      continue;
    }
    const { point, logL } = unseen.pop()!;
    const score = logL - g.logDensity(point);
    const at = seen.findIndex((other) => other.score > score);
    seen.splice(at < 0 ? seen.length : at, 0, { point, score });
  }
}
