import type { Coordinate } from "../../space/coordinates.js";
import { coordinatesOf } from "../../space/coordinates.js";
import type { ParamValue, Space } from "../../space/dimension.js";
import { elementCoordinate } from "../../space/unit-cube.js";
import { remember } from "../remember.js";

/** A coordinate of the unit cube as the search over it needs it. */
export interface Axis {
  readonly isCategory: boolean;
  /**
   * The coordinates of the values of a category or of an integer with few values, ascending; `undefined` where the
   * search is continuous: reals, and integers so fine that their steps do not matter to a model.
   */
  readonly levels: Float64Array | undefined;
}

/** Integers with more values than this are searched like reals, and rounded at the end. */
const maxLevels = 32;

/** The axes of a space, in the order of the coordinates of its unit cube. */
export function axesOf(space: Space): readonly Axis[] {
  const known = new Map<Coordinate, Axis>();
  return coordinatesOf(space).map((coordinate) => {
    const axis = known.get(coordinate) ?? axisOf(coordinate);
    known.set(coordinate, axis);
    return axis;
  });
}

/** The same, kept in a cache of that space. */
export function rememberAxes(space: Space, cache: Map<string, unknown>): readonly Axis[] {
  return remember(cache, { name: "gp axes", make: () => axesOf(space) });
}

function axisOf({ dimension, kind, valueCount }: Coordinate): Axis {
  const isCategory = kind === "categorical";
  if (!isCategory && valueCount > maxLevels) return { isCategory, levels: undefined };
  const levels = valuesOf(dimension).map((value) => elementCoordinate(dimension, value));
  return { isCategory, levels: Float64Array.from(levels).sort() };
}

function valuesOf(dimension: Coordinate["dimension"]): readonly ParamValue[] {
  if (dimension.type === "categorical") return dimension.categories.map(({ value }) => value);
  return Array.from({ length: dimension.high - dimension.low + 1 }, (_, i) => dimension.low + i);
}

/** Move the discrete coordinates of a point to their nearest levels, in place. */
export function snapToLevels(axes: readonly Axis[], point: Float64Array): void {
  for (const [k, { levels }] of axes.entries()) {
    if (levels !== undefined) point[k] = levels[nearestLevel(levels, point[k]!)]!;
  }
}

/** Index of the level nearest to a coordinate; the lower one of two. */
export function nearestLevel(levels: Float64Array, coordinate: number): number {
  let nearest = 0;
  for (let i = 1; i < levels.length; i++) {
    if (Math.abs(levels[i]! - coordinate) < Math.abs(levels[nearest]! - coordinate)) nearest = i;
  }
  return nearest;
}
