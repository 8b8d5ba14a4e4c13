import type { Dimension, Space } from "./dimension.js";
import { elementCount } from "./elements.js";

/** What one coordinate of the unit cube stands for; models treat the kinds differently. */
export interface Coordinate {
  /** The dimension that it belongs to; several coordinates share one that has a shape. */
  readonly dimension: Exclude<Dimension, { readonly type: "fidelity" }>;
  readonly kind: "real" | "integer" | "categorical";
  /** How many values it can take; Infinity for a real, and for an integer without bounds. */
  readonly valueCount: number;
}

/** The coordinates of the unit cube in their order, see `fromUnit`. Fidelities have none. */
export function coordinatesOf(space: Space): readonly Coordinate[] {
  return space.dimensions.flatMap((dimension) => {
    if (dimension.type === "fidelity") return [];
    const coordinate = { dimension, kind: dimension.type, valueCount: valueCountOf(dimension) };
    return Array.from({ length: elementCount(dimension.shape) }, () => coordinate);
  });
}

function valueCountOf(dimension: Coordinate["dimension"]): number {
  if (dimension.type === "categorical") return dimension.categories.length;
  return dimension.type === "integer" ? dimension.high - dimension.low + 1 : Number.POSITIVE_INFINITY;
}
