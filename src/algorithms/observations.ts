import { toUnit, unitSize } from "../space/unit-cube.js";
import type { Trial } from "../trial/trial.js";
import type { SuggestContext } from "./algorithm.js";
import { foldHistory, shareFold } from "./fold-history.js";

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
  points: Float64Array;
  objectives: Float64Array;
}

const foldName = "observations";

/** The history as numbers, at the cost of what is new. The arrays belong to the cache. */
export function observationsOf(context: Pick<SuggestContext, "space" | "history" | "cache">): Observations {
  const { space, history } = context;
  const size = unitSize(space);
  const { points, objectives } = foldHistory(context, {
    name: foldName,
    make: () => roomFor(history.length, size),
    add: (growing, trial, row) => put(growing, row, { trial, point: toUnit(space, trial.params) }),
  });
  return { trials: history, count: history.length, size, points, objectives };
}

/** For so many rows and an eighth more, which a long history takes a while to fill. */
function roomFor(count: number, size: number): Growing {
  const length = Math.max(64, count + (count >> 3));
  return { points: new Float64Array(length * size), objectives: new Float64Array(length) };
}

/** Let a cache for other questions about the same history have the observations of this one. */
export function shareObservations(
  context: Pick<SuggestContext, "space" | "history" | "cache">,
  cache: Map<string, unknown>,
) {
  observationsOf(context);
  shareFold(foldName, context.cache, cache);
}

interface Observed {
  readonly trial: Trial;
  readonly point: Float64Array;
}

function put(growing: Growing, row: number, { trial, point }: Observed): void {
  if (row >= growing.objectives.length) {
    growing.points = doubled(growing.points);
    growing.objectives = doubled(growing.objectives);
  }
  growing.points.set(point, row * point.length);
  const { objective } = trial;
  const isUsable = trial.status === "completed" && objective !== undefined && Number.isFinite(objective);
  growing.objectives[row] = isUsable ? objective : Number.POSITIVE_INFINITY;
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
