import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { type Observations, observationsOf } from "../observations.js";

/** The best finished trial of each slot. */
export interface Population {
  /** By slot: the row of its member among the observations, or `undefined` while nothing finite has finished there. */
  readonly rows: readonly (number | undefined)[];
  readonly observations: Observations;
}

interface Fold {
  readonly rows: (number | undefined)[];
  position: number;
  last: Trial | undefined;
}

/**
 * The population after a history. Trial n belongs to slot (n − 1) mod `size`, and takes it if it is not worse than the
 * member there: a fold that does not depend on who made the trial, so inserted trials and those of another algorithm
 * are members like all others. Of equals the one that finished later stays, which lets a plateau be crossed.
 */
export function populationAfter(inputs: Pick<SuggestContext, "space" | "history" | "cache">, size: number): Population {
  const { history, cache } = inputs;
  const observations = observationsOf(inputs);
  const name = `population of ${size}`;
  let fold = cache.get(name) as Fold | undefined;
  if (fold === undefined || fold.position > history.length || fold.last !== history[fold.position - 1]) {
    fold = { rows: new Array(size).fill(undefined), position: 0, last: undefined };
    cache.set(name, fold);
  }
  for (; fold.position < history.length; fold.position++) {
    const trial = history[fold.position]!;
    fold.last = trial;
    const objective = observations.objectives[fold.position]!;
    const slot = (trial.number - 1) % size;
    const member = fold.rows[slot];
    const isBetter = member === undefined || objective <= observations.objectives[member]!;
    if (objective < Number.POSITIVE_INFINITY && isBetter) fold.rows[slot] = fold.position;
  }
  return { rows: fold.rows, observations };
}

/** The point of a row, shape (d). */
export function pointOf({ points, size }: Observations, row: number): Float64Array {
  return points.slice(row * size, (row + 1) * size);
}
