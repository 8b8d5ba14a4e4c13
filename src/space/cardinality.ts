import { decimalsBetween } from "./decimals.js";
import type { CategoricalDimension, Dimension, IntegerDimension, Params, RealDimension, Space } from "./dimension.js";
import { elementCount, nestElements } from "./elements.js";
import { cellOf } from "./integer-cells.js";
import { roundToPrecision } from "./round-to-precision.js";

/**
 * How many different trials a space has, fidelities aside; `Infinity` when a dimension is not finite.
 *
 * A `loguniform` with a precision is finite: its values are decimals of so many digits. A `uniform` with one counts as
 * infinite, as Oríon has it.
 */
export function cardinality(space: Space): number {
  return space.dimensions.reduce((product, dimension) => product * dimensionCardinality(dimension), 1);
}

/** How many values a dimension has, all its elements together; 1 for a fidelity. */
export function dimensionCardinality(dimension: Dimension): number {
  return elementCardinality(dimension) ** elementCount(dimension.shape);
}

/** How many values one element of a dimension has; 1 for a fidelity. */
export function elementCardinality(dimension: Dimension): number {
  return dimension.type === "real" ? decimalCount(dimension) : digitCount(dimension);
}

/**
 * How many points can be listed one by one with `pointAt`; `Infinity` as soon as a dimension is real or an integer has
 * no bounds. Fidelities stay at `high` and do not count.
 */
export function enumerable(space: Space): number {
  return space.dimensions.reduce(
    (product, dimension) => product * digitCount(dimension) ** elementCount(dimension.shape),
    1,
  );
}

/**
 * The point of a given index, as the digits of a number: the last element of the last dimension changes fastest.
 *
 * @param index - Integer in 0 … `enumerable(space)` − 1.
 * @throws {RangeError} for an index outside of that, or a space without end.
 */
export function pointAt(space: Space, index: number): Params {
  const digits = digitsAt(space, index);
  return Object.fromEntries(
    space.dimensions.map((dimension, position) => {
      if (dimension.type === "fidelity") return [dimension.name, dimension.high];
      const elements = digits[position]!.map((digit) =>
        dimension.type === "categorical" ? dimension.categories[digit]!.value : dimension.low + digit,
      );
      return [dimension.name, nestElements(elements, dimension.shape)];
    }),
  );
}

/**
 * The probability under the prior of the point of a given index; over all indexes they sum to 1.
 *
 * @throws {RangeError} as `pointAt`.
 */
export function priorWeight(space: Space, index: number): number {
  const digits = digitsAt(space, index);
  return space.dimensions.reduce(
    (weight, dimension, position) =>
      digits[position]!.reduce((product, digit) => product * digitWeight(dimension, digit), weight),
    1,
  );
}

/** The values of an element that can be listed: categories, or integers from `low` on. */
function digitCount(dimension: Dimension): number {
  if (dimension.type === "fidelity") return 1;
  if (dimension.type === "categorical") return dimension.categories.length;
  return dimension.type === "integer" ? dimension.high - dimension.low + 1 : Infinity;
}

function digitWeight(dimension: Dimension, digit: number): number {
  if (dimension.type === "categorical") return categoryWeight(dimension, digit);
  if (dimension.type !== "integer") return 1;
  return integerWeight(dimension, dimension.low + digit);
}

/** Probabilities that the user wrote sum to 1 only nearly; the last category takes the rest, as in `fromUnit`. */
function categoryWeight({ probabilities }: CategoricalDimension, digit: number): number {
  if (digit < probabilities.length - 1) return probabilities[digit]!;
  return 1 - probabilities.slice(0, -1).reduce((sum, probability) => sum + probability, 0);
}

function integerWeight(dimension: IntegerDimension, integer: number): number {
  const [start, end] = cellOf(dimension, integer);
  return end - start;
}

/** For each dimension the digits of its elements; a fidelity has one, 0. */
function digitsAt(space: Space, index: number): readonly (readonly number[])[] {
  const count = enumerable(space);
  if (!Number.isSafeInteger(index) || index < 0 || index >= count || count === Infinity) {
    throw new RangeError(`there is no point ${index} in a space of ${count}`);
  }
  let rest = index;
  const digits = space.dimensions.toReversed().map((dimension) => {
    const base = digitCount(dimension);
    const elements = Array.from({ length: elementCount(dimension.shape) }, () => {
      const digit = rest % base;
      rest = (rest - digit) / base;
      return digit;
    });
    return elements.toReversed();
  });
  return digits.toReversed();
}

/** How many decimals of the dimension's precision lie inside its bounds, and the bounds themselves if they are none. */
function decimalCount({ prior, low, high, precision }: RealDimension): number {
  if (prior.name !== "loguniform" || precision === undefined || precision > 15) return Infinity;
  // a bound that is no such decimal counts itself
  const isOdd = (bound: number) => roundToPrecision(bound, precision) !== bound;
  return decimalsBetween({ low, high }, precision) + Number(isOdd(low)) + Number(isOdd(high));
}
