import { keyedRng, type Rng } from "../math/rng.js";
import type { Params } from "../space/dimension.js";
import type { SuggestContext, Suggestion } from "./algorithm.js";

/**
 * Why index-based algorithms (`random`, `gridsearch`, `sobol`) give the same trials for 1 and for 50 workers, though
 * their workers never read the history.
 *
 * The seed fixes a start s(n) for each trial number n, and a successor f(x) for each point x. Trial n looks at s(n); if
 * another trial has that point it looks at f(s(n)), then at f(f(s(n))) …, and takes the first point that is free. The
 * UNIQUE (experiment, id) of the storage decides who has a point, and a point once taken is never given back.
 *
 * **Theorem.** Once trials 1 … N all have their parameters, the set of their points does not depend on the order in
 * which the workers filled them.
 *
 * **Proof.** Let a(x) be how many trials look at x in a run. The first of them takes x and all others go on to f(x), so
 * a(x) is the number of trials that start at x, plus the sum of a(y) − 1 over the points y with f(y) = x that were
 * looked at. Take two runs A and B, and suppose that some look in A is the first in time to make the looks so far at
 * some x more than a_B(x). Before it, no point y had more than a_B(y) looks, so at most a_B(y) − 1 trials have come
 * from y; and no more trials have started at x than do in B. Together these are at most a_B(x): a contradiction. So
 * a_A ≤ a_B, by symmetry they are equal, and the points taken are those with a(x) ≥ 1. ∎
 *
 * Which trial has which point may differ between runs, the set may not. The proof needs no clock, no order of starts
 * and no survivor: a worker that dies leaves an unfilled number, and whoever takes it over walks again over points that
 * are still taken. Trials that were inserted by hand or removed are outside of it.
 *
 * The successor must depend on the point and not on the trial's number: else two trials that meet at one point would go
 * on to different ones, and who comes second would decide. And it should not be the start of the next trial, except in
 * a list that is to be used up: there each collision would push all later trials one further.
 */
export function afterCollisions({ start, successor, attempt }: Walk): Params {
  let point = start;
  for (let step = 0; step < attempt; step++) point = successor(point);
  return point;
}

interface Walk {
  readonly start: Params;
  readonly successor: (point: Params) => Params;
  /** How many points of the walk were found taken. */
  readonly attempt: number;
}

/**
 * The walk of algorithms that sample: the start is theirs, and each successor is drawn from the prior by a generator
 * that is keyed by the point before.
 */
export function sampleAfterCollisions(
  { seed, attempt }: Pick<SuggestContext, "seed" | "attempt">,
  { start, sample }: { readonly start: Params; readonly sample: (rng: Rng) => Params },
): Suggestion {
  const successor = (point: Params) => sample(keyedRng(seed, "after", JSON.stringify(point)));
  return { kind: "params", params: afterCollisions({ start, successor, attempt }) };
}

/** A list of different points: `pointAt` maps 0 … size − 1 to them. */
export interface FiniteSequence {
  readonly size: number;
  readonly pointAt: (index: number) => Params;
}

/** The walk along a list, whose end leads to its beginning again; `done` for a trial that has looked at all of it. */
export function suggestFrom(
  { size, pointAt }: FiniteSequence,
  { trialNumber, attempt }: Pick<SuggestContext, "trialNumber" | "attempt">,
): Suggestion {
  if (attempt >= size) return { kind: "done" };
  return { kind: "params", params: pointAt((trialNumber - 1 + attempt) % size) };
}
