import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { type Observations, observationsOf } from "../observations.js";

/** The best finished trial of each slot. */
export interface Population {
  /** By slot: the row of its member among the observations, or `undefined` while nothing finite has finished there. */
  readonly rows: readonly (number | undefined)[];
  readonly observations: Observations;
}

/**
 * The population after a history. Trial n belongs to slot (n − 1) mod `size`, and takes it if it is not worse than the
 * member there: a fold that does not depend on who made the trial, so inserted trials and those of another algorithm
 * are members like all others. Of equals the one that finished later stays, which lets a plateau be crossed.
 */
export function populationAfter(inputs: Pick<SuggestContext, "space" | "history" | "cache">, size: number): Population {
  const observations = observationsOf(inputs);
  const { objectives } = observations;
  const rows = foldHistory(inputs, {
    name: `population of ${size}`,
    make: () => new Array<number | undefined>(size).fill(undefined),
    add: (members, { number }, row) => {
      const slot = (number - 1) % size;
      const member = members[slot];
      const isBetter = member === undefined || objectives[row]! <= objectives[member]!;
      if (Number.isFinite(objectives[row]!) && isBetter) members[slot] = row;
    },
  });
  return { rows, observations };
}

/** The point of a row, shape (d). */
export function pointOf({ points, size }: Observations, row: number): Float64Array {
  return points.slice(row * size, (row + 1) * size);
}
