import type { IntegerDimension, Prior } from "./dimension.js";
import type { Bounds } from "./natural-bounds.js";
import { coordinateOf, valueAt } from "./prior-coordinate.js";

/**
 * An integer dimension cuts the axis of its prior into cells, one for each integer, whose shares of the prior are the
 * integers' probabilities.
 *
 * For `uniform` and `loguniform` the cell of k is [k, k + 1), so that both ends can be reached and the integers of a
 * uniform are equally likely. For `normal` it is [k − ½, k + ½), which keeps the mean where it is.
 */
interface Cells {
  readonly prior: Prior;
  readonly bounds: Bounds;
  /** From an integer to the start of its cell. */
  readonly offset: number;
}

/** The integer whose cell holds the coordinate. @param coordinate - In [0, 1]. */
export function integerAt(dimension: IntegerDimension, coordinate: number): number {
  const { prior, bounds, offset } = cellsOf(dimension);
  const integer = Math.floor(valueAt(prior, bounds, coordinate) - offset);
  const low = Math.max(dimension.low, Number.MIN_SAFE_INTEGER);
  const high = Math.min(dimension.high, Number.MAX_SAFE_INTEGER);
  return Math.min(Math.max(integer, low), high) + 0;
}

/** Where the cell of an integer begins and ends on the unit interval; their distance is its probability. */
export function cellOf(dimension: IntegerDimension, integer: number): readonly [start: number, end: number] {
  const { prior, bounds, offset } = cellsOf(dimension);
  const start = coordinateOf(prior, bounds, integer + offset);
  return [start, coordinateOf(prior, bounds, integer + offset + 1)];
}

function cellsOf({ prior, low, high }: IntegerDimension): Cells {
  if (prior.name === "normal") return { prior, bounds: { low: low - 0.5, high: high + 0.5 }, offset: -0.5 };
  // an interval like (0.5, 9) begins at 0, which has no logarithm: its cell is [0.5, 1)
  const start = prior.name === "loguniform" && low === 0 ? prior.low : low;
  return { prior, bounds: { low: start, high: high + 1 }, offset: 0 };
}
