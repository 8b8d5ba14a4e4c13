import { roundInside } from "../space/decimals.js";
import type { Dimension, IntegerDimension, ParamValue, RealDimension } from "../space/dimension.js";
import { valueAt } from "../space/prior-coordinate.js";

/**
 * The values of one element of a dimension that a grid visits, in ascending order.
 *
 * Reals are spaced evenly in the scale of their prior, both ends included, and rounded to decimals inside of them; a
 * single level is the middle. Integers are those reals rounded, pushed up where several round to the same. Categories are
 * all visited, whatever the count, and a fidelity only at its highest.
 *
 * @param dimension - Its prior is not `normal`: that has no ends, and integers pushed up from its middle could pass `high`.
 * @param count - Whole number, at least 1. There are fewer levels where there are fewer values.
 */
export function gridLevels(dimension: Dimension, count: number): readonly ParamValue[] {
  switch (dimension.type) {
    case "real":
      return realLevels(dimension, count);
    case "integer":
      return integerLevels(dimension, levelCount(dimension, count));
    case "categorical":
      return dimension.categories.map(({ value }) => value);
    case "fidelity":
      return [dimension.high];
  }
}

/** At most so many levels has a dimension, without making them. */
export function levelCount(dimension: Dimension, count: number): number {
  switch (dimension.type) {
    case "real":
      return count;
    case "integer":
      return Math.min(count, dimension.high - dimension.low + 1);
    case "categorical":
      return dimension.categories.length;
    case "fidelity":
      return 1;
  }
}

function realLevels(dimension: RealDimension, count: number): readonly number[] {
  const values = spread(dimension, count).map((value) => roundInside(value, dimension.precision, dimension));
  return [...new Set(values)];
}

function integerLevels(dimension: IntegerDimension, count: number): readonly number[] {
  let previous = dimension.low - 1;
  return spread(dimension, count).map((value) => {
    previous = Math.max(previous + 1, Math.round(value)) + 0; // Math.round gives −0 below zero
    return previous;
  });
}

function spread(dimension: RealDimension | IntegerDimension, count: number): readonly number[] {
  const { low, high, prior } = dimension;
  // an interval like (0.5, 9) reaches out to the integer 0, which has no logarithm
  const bounds = prior.name === "loguniform" && low === 0 ? { low: prior.low, high } : { low, high };
  return Array.from({ length: count }, (_, i) => {
    if (count === 1) return valueAt(prior, bounds, 0.5);
    if (i === 0) return low; // exactly, which logarithms are not
    return i === count - 1 ? high : valueAt(prior, bounds, i / (count - 1));
  });
}
