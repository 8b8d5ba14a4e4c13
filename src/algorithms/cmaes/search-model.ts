import { type Coordinate, coordinatesOf } from "../../space/coordinates.js";
import type { IntegerDimension, Space } from "../../space/dimension.js";
import { cellOf, integerAt } from "../../space/integer-cells.js";
import { categoryEnds } from "../../space/unit-cube.js";

/**
 * How CMA-ES sees the unit cube: reals and integers are coordinates of one Gaussian, and each categorical coordinate has
 * a distribution of its own.
 */
export interface SearchModel {
  /** d, all coordinates of the unit cube. */
  readonly size: number;
  /** Which of them belong to the Gaussian: reals and integers, n of them. */
  readonly numeric: readonly number[];
  /** Where the n coordinates end, shapes (n): 0 and 1, or just before them where the values there are infinite. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  /** Those of the n that are integers, by their position among the n. */
  readonly integers: ReadonlyMap<number, CellAt>;
  readonly categorical: readonly CategoricalCoordinate[];
}

/** The ends of all that is rounded or clipped to the same integer as a coordinate: at the ends of the range infinite. */
type CellAt = (coordinate: number) => Cell;

export interface Cell {
  readonly start: number;
  readonly end: number;
}

export interface CategoricalCoordinate {
  /** Which coordinate of the unit cube. */
  readonly coordinate: number;
  /** Prior probability of each category, positive. */
  readonly prior: readonly number[];
  /** Where the share of each category of [0, 1] ends. */
  readonly ends: readonly number[];
}

export function searchModelOf(space: Space): SearchModel {
  const coordinates = coordinatesOf(space);
  const numeric = [...coordinates.keys()].filter((at) => coordinates[at]!.kind !== "categorical");
  const integers = numeric.flatMap((at, position) => {
    const { dimension } = coordinates[at]!;
    return dimension.type === "integer" ? [[position, cellsOf(dimension)] as const] : [];
  });
  const dimensionsOf = numeric.map((at) => coordinates[at]!.dimension);
  const lowest = Float64Array.from(dimensionsOf, (dimension) => (isOpen(dimension, "low") ? nearestToEnd : 0));
  const highest = Float64Array.from(dimensionsOf, (dimension) => (isOpen(dimension, "high") ? 1 - nearestToEnd : 1));
  const categorical = coordinates.flatMap(({ dimension }, coordinate) => {
    if (dimension.type !== "categorical") return [];
    return [{ coordinate, prior: dimension.probabilities, ends: categoryEnds(dimension) }];
  });
  return { size: coordinates.length, numeric, lowest, highest, integers: new Map(integers), categorical };
}

const nearestToEnd = 2 ** -33;

function isOpen(dimension: Coordinate["dimension"], end: "low" | "high"): boolean {
  return dimension.type !== "categorical" && !Number.isFinite(dimension[end]);
}

function cellsOf(dimension: IntegerDimension): CellAt {
  return (coordinate) => {
    const [start, end] = cellOf(dimension, integerAt(dimension, coordinate));
    return {
      start: start <= 0 ? Number.NEGATIVE_INFINITY : start,
      end: end >= 1 ? Number.POSITIVE_INFINITY : end,
    };
  };
}

/** Index of the category to which a coordinate belongs. */
export function categoryAt({ ends }: CategoricalCoordinate, coordinate: number): number {
  const index = ends.findIndex((end) => coordinate < end);
  return index < 0 ? ends.length - 1 : index;
}

/** The middle of a category's share. */
export function coordinateOfCategory({ ends, prior }: CategoricalCoordinate, category: number): number {
  return ends[category]! - prior[category]! / 2;
}
