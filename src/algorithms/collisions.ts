import { keyedRng } from "../math/rng.js";
import { coordinatesOf } from "../space/coordinates.js";
import type { Params } from "../space/dimension.js";
import { fromUnit, toUnit } from "../space/unit-cube.js";
import type { SuggestContext, Suggestion } from "./algorithm.js";
import { samplePrior } from "./sample-prior.js";

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
 * are still taken. Trials that were inserted by hand or removed are outside of it, and so is a space in which some walk is
 * longer than `mostSteps`.
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
 * The walk of algorithms that sample. Numbers with digits run out of points before they run out of range: `uniform(0, 1)`
 * has 9000 values of four digits above 0.1.
 *
 * Each real coordinate of the unit cube turns by the golden ratio, all others are drawn from the prior by a generator that
 * is keyed by the point before. A turn keeps the prior, and as values are nearly evenly spaced it nearly never leads from
 * two points to one: the walks reach nearly all points, where with all coordinates drawn they would run into one circle of
 * about √n of n points, which is full when half of them are still free.
 *
 * A trial that found `mostSteps` points taken is in a space that is nearly full. It draws by itself from then on: any free
 * point is worth more than the same set of points for any number of workers.
 */
export function sampleAfterCollisions(
  { space, seed, trialNumber, attempt }: Pick<SuggestContext, "space" | "seed" | "trialNumber" | "attempt">,
  start: Params,
): Suggestion {
  if (attempt > mostSteps) {
    return { kind: "params", params: samplePrior(space, keyedRng(seed, "late", trialNumber, attempt)) };
  }
  const successor = (point: Params) => {
    const drawn = keyedRng(seed, "after", JSON.stringify(point));
    const place = toUnit(space, point);
    for (const [index, { kind }] of coordinatesOf(space).entries()) {
      place[index] = kind === "real" ? (place[index]! + goldenRatio) % 1 : drawn.next();
    }
    return fromUnit(space, place);
  };
  return { kind: "params", params: afterCollisions({ start, successor, attempt }) };
}

/** A walk of an algorithm that samples is followed for so many steps. */
const mostSteps = 100;
/** Of all numbers the one whose multiples come back to where they were the slowest. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

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
