import { type Coordinate, coordinatesOf } from "../../space/coordinates.js";
import type { CategoricalDimension, IntegerDimension, Space } from "../../space/dimension.js";
import { cellOf, integerAt } from "../../space/integer-cells.js";

/** How densities treat one coordinate of the unit cube. */
export type Axis = RealAxis | CellAxis | CategoryAxis;

/** Any number in [0, 1]. */
export interface RealAxis {
  readonly kind: "real";
}

/** Shares of [0, 1] in the order of the integers that they stand for. */
export interface CellAxis {
  readonly kind: "cells";
  readonly dimension: IntegerDimension;
  /** Width of a cell on the average. */
  readonly width: number;
}

/** Shares of [0, 1] without an order. */
export interface CategoryAxis {
  readonly kind: "categories";
  /** Where each category's share ends, rising to 1. */
  readonly ends: readonly number[];
}

/** The axes of a space, one for each coordinate of the unit cube. */
export function axesOf(space: Space): readonly Axis[] {
  return coordinatesOf(space).map(axisOf);
}

/** Integers count as reals when all their cells are narrower: the density is even across a third of a bandwidth. */
const negligibleWidth = 1e-3;

function axisOf({ dimension, kind, valueCount }: Coordinate): Axis {
  if (kind === "categorical") return { kind: "categories", ends: endsOf(dimension as CategoricalDimension) };
  if (kind === "real") return { kind: "real" };
  const integer = dimension as IntegerDimension;
  if (integer.prior.name === "uniform" && 1 / valueCount < negligibleWidth) return { kind: "real" };
  return { kind: "cells", dimension: integer, width: 1 / valueCount };
}

function endsOf({ probabilities }: CategoricalDimension): readonly number[] {
  let end = 0;
  const ends = probabilities.map((probability) => {
    end += probability;
    return end;
  });
  // Probabilities that a user wrote sum to 1 only nearly.
  return ends.with(-1, 1);
}

/** Where the share that holds a coordinate begins and ends. */
export function shareAt(axis: CellAxis | CategoryAxis, coordinate: number): readonly [start: number, end: number] {
  if (axis.kind === "cells") return cellOf(axis.dimension, integerAt(axis.dimension, coordinate));
  const { ends } = axis;
  let index = 0;
  while (index < ends.length - 1 && coordinate >= ends[index]!) index++;
  return [index === 0 ? 0 : ends[index - 1]!, ends[index]!];
}

/** The middle of the share that holds a coordinate, and for a real the coordinate itself. */
export function middleOfShare(axis: Axis, coordinate: number): number {
  if (axis.kind === "real") return coordinate;
  const [start, end] = shareAt(axis, coordinate);
  return (start + end) / 2;
}
