import { toUnit, unitSize } from "../space/unit-cube.js";
import type { Trial } from "../trial/trial.js";
import type { SuggestContext } from "./algorithm.js";
import { remember } from "./remember.js";

/** The finished trials of a history as numbers, in the order in which they finished. */
export interface Observations {
  readonly trials: readonly Trial[];
  /** n, the number of trials. */
  readonly count: number;
  /** d, the coordinates of the unit cube. */
  readonly size: number;
  /** Shape (n × d), row-major, in the unit cube; longer than that, since it grows in large steps. */
  readonly points: Float64Array;
  /** Shape (n), to be minimised. Infinity where there is no finite objective: broken trials, NaN, infinities. */
  readonly objectives: Float64Array;
}

interface Growing {
  trials: Trial[];
  points: Float64Array;
  objectives: Float64Array;
}

/**
 * The history as numbers. Each trial is converted once: a history that has grown costs only what is new.
 *
 * The arrays belong to the cache; whoever wants to change them takes a copy.
 */
export function observationsOf({
  space,
  history,
  cache,
}: Pick<SuggestContext, "space" | "history" | "cache">): Observations {
  const size = unitSize(space);
  const make = (): Growing => ({ trials: [], points: new Float64Array(64 * size), objectives: new Float64Array(64) });
  const known = remember(cache, { name: "observations", make });
  let common = Math.min(known.trials.length, history.length);
  // Histories grow at their end; one that was changed elsewhere has another trial there, so it is read anew.
  while (common > 0 && known.trials[common - 1] !== history[common - 1]) common--;
  known.trials.length = common;
  for (let row = common; row < history.length; row++) append(known, { row, size, trial: history[row]!, space });
  return { trials: known.trials, count: history.length, size, points: known.points, objectives: known.objectives };
}

interface Row extends Pick<SuggestContext, "space"> {
  readonly row: number;
  readonly size: number;
  readonly trial: Trial;
}

function append(known: Growing, { row, size, trial, space }: Row): void {
  if (row >= known.objectives.length) {
    known.points = doubled(known.points);
    known.objectives = doubled(known.objectives);
  }
  known.trials.push(trial);
  known.points.set(toUnit(space, trial.params), row * size);
  const { objective } = trial;
  const isUsable = trial.status === "completed" && objective !== undefined && Number.isFinite(objective);
  known.objectives[row] = isUsable ? objective : Number.POSITIVE_INFINITY;
}

function doubled(values: Float64Array): Float64Array {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Points of trials that have no outcome yet, shape (m × d), row-major in the unit cube. */
export function pendingPoints({ space, pending }: Pick<SuggestContext, "space" | "pending">): Float64Array {
  const size = unitSize(space);
  const points = new Float64Array(pending.length * size);
  for (const [row, trial] of pending.entries()) points.set(toUnit(space, trial.params), row * size);
  return points;
}
