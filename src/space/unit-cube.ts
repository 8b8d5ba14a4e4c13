import { roundInside } from "./decimals.js";
import type { CategoricalDimension, Dimension, Params, ParamValue, RealDimension, Space } from "./dimension.js";
import { elementCount, listElements, nestElements } from "./elements.js";
import { cellOf, integerAt } from "./integer-cells.js";
import { coordinateOf, valueAt } from "./prior-coordinate.js";
import { sameValue } from "./same-value.js";
import { getParam } from "./values.js";

/** How many coordinates a point of the unit cube has: one for each element of each dimension but the fidelities. */
export function unitSize(space: Space): number {
  return space.dimensions.reduce((sum, dimension) => sum + coordinateCount(dimension), 0);
}

/**
 * The parameters at a point of the unit cube. A uniform point gives parameters drawn from the priors.
 *
 * Each coordinate goes through the inverse distribution function of its prior: 0 and 1 give the bounds themselves,
 * integers and categories take a share of [0, 1] as large as their probability. Reals are rounded to their precision
 * and stay inside their bounds. Fidelities are `high`.
 *
 * @param point - Shape (unitSize), in the order of the space, row-major within a dimension; coordinates outside [0, 1]
 *   count as the nearer end.
 * @throws {RangeError} for another length, or a coordinate that is NaN.
 */
export function fromUnit(space: Space, point: ArrayLike<number>): Params {
  if (point.length !== unitSize(space)) {
    throw new RangeError(`a point of ${point.length} coordinates in a space of ${unitSize(space)}`);
  }
  let offset = 0;
  const entries = space.dimensions.map((dimension) => {
    if (dimension.type === "fidelity") return [dimension.name, dimension.high] as const;
    const count = coordinateCount(dimension);
    const start = offset;
    const elements = Array.from({ length: count }, (_, index) => elementAt(dimension, point[start + index]!));
    offset += count;
    return [dimension.name, nestElements(elements, dimension.shape)] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * The point of the unit cube at which parameters lie: `fromUnit` gives them back.
 *
 * Integers and categories lie in the middle of their share. Fidelities have no coordinate.
 *
 * @param params - Complete and inside the space; see `checkParams`.
 * @throws {RangeError} when a dimension has no value, or another number of elements.
 */
export function toUnit(space: Space, params: Params): Float64Array {
  const coordinates = space.dimensions.flatMap((dimension) => {
    if (dimension.type === "fidelity") return [];
    const value = getParam(params, dimension.name);
    const elements = value === undefined ? [] : listElements(value, dimension.shape.length);
    if (elements.length === coordinateCount(dimension)) {
      return elements.map((element) => elementCoordinate(dimension, element));
    }
    throw new RangeError(`dimension ${dimension.name} has ${elements.length} elements`);
  });
  return Float64Array.from(coordinates);
}

type SampledDimension = Exclude<Dimension, { readonly type: "fidelity" }>;

function coordinateCount(dimension: Dimension): number {
  return dimension.type === "fidelity" ? 0 : elementCount(dimension.shape);
}

function elementAt(dimension: SampledDimension, coordinate: number): ParamValue {
  if (Number.isNaN(coordinate)) throw new RangeError(`a coordinate of dimension ${dimension.name} is NaN`);
  const u = Math.min(Math.max(coordinate, 0), 1);
  if (dimension.type === "real") return realAt(dimension, u);
  return dimension.type === "integer" ? integerAt(dimension, u) : categoryAt(dimension, u);
}

function realAt(dimension: RealDimension, u: number): number {
  const { prior, low, high, precision } = dimension;
  if (u === 0 && low !== -Infinity) return low;
  if (u === 1 && high !== Infinity) return high;
  return roundInside(valueAt(prior, dimension, u), precision, dimension);
}

function categoryAt({ categories, probabilities }: CategoricalDimension, u: number): ParamValue {
  let end = 0;
  for (let index = 0; index < categories.length - 1; index++) {
    end += probabilities[index]!;
    if (u < end) return categories[index]!.value;
  }
  return categories[categories.length - 1]!.value;
}

/** The rounding of the way there and back may miss the element by a step of the coordinate: then a neighbour hits it. */
export function elementCoordinate(dimension: SampledDimension, element: ParamValue): number {
  const [start, end] = elementShare(dimension, element);
  const u = (start + end) / 2;
  if (dimension.type === "categorical" || (dimension.type === "real" && isNear(dimension, element as number, u))) {
    return u;
  }
  for (const nudge of nudges) {
    const candidate = u + nudge;
    if (isUnit(candidate) && elementAt(dimension, candidate) === element) return candidate;
  }
  return u;
}

const nudges = [0, 1, -1, 2, -2].map((steps) => steps * 2 ** -53);

/**
 * True where the value at a coordinate is the element up to a few bits, of a dimension with far fewer digits. There is no
 * need to round it: that gives the element if this has no more digits, and else no coordinate gives it. Rounding takes most
 * of the time of a long history.
 */
function isNear(dimension: RealDimension, element: number, u: number): boolean {
  const { prior, precision = 17 } = dimension;
  if (precision > 13 || u <= 0 || u >= 1) return false;
  return Math.abs(valueAt(prior, dimension, u) - element) <= 2 ** -50 * Math.abs(element);
}

function isUnit(coordinate: number): boolean {
  return coordinate >= 0 && coordinate <= 1;
}

/** The coordinates that give an element; for a real, which is one point up to its rounding, twice the same. */
function elementShare(dimension: SampledDimension, element: ParamValue): readonly [start: number, end: number] {
  if (dimension.type === "categorical") return categoryShare(dimension, element);
  if (dimension.type === "integer") return cellOf(dimension, element as number);
  const u = coordinateOf(dimension.prior, dimension, element as number);
  return [u, u];
}

function categoryShare(dimension: CategoricalDimension, value: ParamValue) {
  const index = dimension.categories.findIndex((category) => sameValue(category.value, value));
  if (index < 0) throw new RangeError(`dimension ${dimension.name} has no category ${JSON.stringify(value)}`);
  const ends = categoryEnds(dimension);
  return [ends[index - 1] ?? 0, ends[index]!] as const;
}

/** Where the share of [0, 1] of each category ends, in their order; the last one where the probabilities sum to. */
export function categoryEnds({ probabilities }: CategoricalDimension): readonly number[] {
  let end = 0;
  return probabilities.map((probability) => {
    end += probability;
    return end;
  });
}
