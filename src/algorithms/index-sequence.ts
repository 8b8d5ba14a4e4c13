import type { Params } from "../space/dimension.js";
import type { Suggestion } from "./algorithm.js";

/**
 * Why index-based algorithms (`random`, `gridsearch`, `sobol`) give the same trials for 1 and for 50 workers, though
 * their workers never read the history.
 *
 * Let v(1), v(2), … be any sequence of points that the seed fixes, repeats allowed. Trial n tries v(n), v(n + 1), … and
 * takes the first point that no other trial has; the UNIQUE (experiment, id) of the storage decides who has a point,
 * and a point once taken is never given back.
 *
 * **Theorem.** Once trials 1 … N all have their parameters, in whatever order the workers filled them, their points are
 * exactly the first N distinct values of v.
 *
 * **Proof.** N trials hold N different points. If these are not the first N distinct values of v, then one of those,
 * w, is held by nobody, and some trial m holds a point u that is not among them. Let f be the index at which w occurs
 * first; u occurs only after f, so m looked at an index beyond f when it took u. Had m started at or before f, it would
 * have met w there, free, and have taken it; hence m > f, and so trials 1 … f all exist (f < m ≤ N). Each of them
 * started at or before f and does not hold w, which was free all the time; so it stopped before f. These are f trials
 * that hold f different points among v(1) … v(f − 1): impossible. ∎
 *
 * Which trial has which point may differ between runs, the set may not. The proof needs no clock, no order of starts
 * and no survivor: a worker that dies leaves an unfilled number, and whoever takes that over starts again at v(n).
 * Trials that were inserted by hand or removed are outside of it. A finite sequence is repeated without end; a trial
 * that has looked at one whole period knows that nothing is left.
 *
 * The code counts indices from 0: trial n looks at index n − 1 + attempt.
 */
export function sequenceIndex({ trialNumber, attempt }: { trialNumber: number; attempt: number }): number {
  return trialNumber - 1 + attempt;
}

/** A sequence of different points with an end: `pointAt` maps 0 … size − 1 to them. */
export interface FiniteSequence {
  readonly size: number;
  readonly pointAt: (index: number) => Params;
}

/** The suggestion at an index of a finite sequence that is repeated without end; `done` after one period. */
export function suggestFrom(sequence: FiniteSequence, { index, attempt }: SequencePosition): Suggestion {
  if (attempt >= sequence.size) return { kind: "done" };
  return { kind: "params", params: sequence.pointAt(index % sequence.size) };
}

/** The part of a `SuggestContext` that says where in its sequence a trial looks. */
export interface SequencePosition {
  readonly index: number;
  readonly attempt: number;
}
