import { type Coordinate, coordinatesOf } from "../../space/coordinates.js";
import type { CategoricalDimension, IntegerDimension, Space } from "../../space/dimension.js";
import { cellOf, integerAt } from "../../space/integer-cells.js";
import { categoryEnds } from "../../space/unit-cube.js";

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
  /** Cells that were looked up of late, by the coordinate in their middle. */
  readonly known: Map<number, Share>;
}

/** Shares of [0, 1] without an order. */
export interface CategoryAxis {
  readonly kind: "categories";
  /** Where each category's share ends, rising to 1. */
  readonly ends: readonly number[];
}

/** A part of [0, 1], as wide as its value is likely. */
export type Share = readonly [start: number, end: number];

/** The axes of a space, one for each coordinate of the unit cube. */
export function axesOf(space: Space): readonly Axis[] {
  return coordinatesOf(space).map(axisOf);
}

/** Integers count as reals when all their cells are narrower: the density is even across a third of a bandwidth. */
const negligibleWidth = 1e-3;

function axisOf({ dimension, kind, valueCount }: Coordinate): Axis {
  if (kind === "categorical") {
    // probabilities that a user wrote sum to 1 only nearly
    return { kind: "categories", ends: categoryEnds(dimension as CategoricalDimension).with(-1, 1) };
  }
  if (kind === "real") return { kind: "real" };
  const integer = dimension as IntegerDimension;
  if (integer.prior.name === "uniform" && 1 / valueCount < negligibleWidth) return { kind: "real" };
  return { kind: "cells", dimension: integer, width: 1 / valueCount, known: new Map() };
}

/**
 * Where the share around a coordinate begins and ends.
 *
 * @param middle - The middle of the share, as in the points of trials and of samples: the cells of integers are
 *   remembered by it.
 */
export function shareAround(axis: CellAxis | CategoryAxis, middle: number): Share {
  if (axis.kind === "categories") return shareOf(axis, middle);
  const known = axis.known.get(middle);
  if (known !== undefined) return known;
  const share = shareOf(axis, middle);
  if (axis.known.size >= mostKnownCells) axis.known.clear();
  axis.known.set(middle, share);
  return share;
}

/** A few times as many as two densities have kernels: an integer may have any number of cells. */
const mostKnownCells = 5000;

/** The middle of the share that holds a coordinate, and for a real the coordinate itself. */
export function middleOfShare(axis: Axis, coordinate: number): number {
  if (axis.kind === "real") return coordinate;
  const [start, end] = shareOf(axis, coordinate);
  return (start + end) / 2;
}

function shareOf(axis: CellAxis | CategoryAxis, coordinate: number): Share {
  if (axis.kind === "cells") return cellOf(axis.dimension, integerAt(axis.dimension, coordinate));
  const { ends } = axis;
  let index = 0;
  while (index < ends.length - 1 && coordinate >= ends[index]!) index++;
  return [index === 0 ? 0 : ends[index - 1]!, ends[index]!];
}
