import type { Rng } from "../../math/rng.js";
import { sampleNormal } from "../../math/sample-normal.js";
import { roundInside } from "../../space/decimals.js";
import type { IntegerDimension, Params, ParamValue, RealDimension, Space } from "../../space/dimension.js";
import { mapElements } from "../../space/elements.js";
import type { Bounds } from "../../space/natural-bounds.js";
import { getParam } from "../../space/values.js";

export interface Mutation {
  readonly rng: Rng;
  /** Another value for a real; it is moved into its bounds and rounded afterwards. */
  readonly real: (value: number, dimension: RealDimension) => number;
  /** The same for an integer. */
  readonly integer: (value: number, dimension: IntegerDimension) => number;
  /** Which elements change, by their position among all of the space; default all. */
  readonly changes?: (position: number) => boolean;
}

/** Parameters of which each number is changed, and each category drawn anew; lists by their elements. */
export function mutateElements(space: Space, params: Params, { rng, real, integer, changes }: Mutation): Params {
  let position = 0;
  const mutate = (dimension: Space["dimensions"][number], value: ParamValue): ParamValue => {
    if (changes?.(position++) === false) return value;
    switch (dimension.type) {
      case "real":
        return roundInside(into(dimension, real(value as number, dimension)), dimension.precision, dimension);
      case "integer":
        return into(dimension, integer(value as number, dimension)) + 0;
      case "categorical":
        return dimension.categories[rng.below(dimension.categories.length)]!.value;
      case "fidelity":
        return value;
    }
  };
  return Object.fromEntries(
    space.dimensions.map((dimension) => {
      const value = getParam(params, dimension.name)!;
      if (dimension.type === "fidelity") return [dimension.name, value];
      return [dimension.name, mapElements(value, dimension.shape.length, (element) => mutate(dimension, element))];
    }),
  );
}

/** A bell curve has no ends: there the largest double is one, and for integers the largest exact one. */
function into({ type, low, high }: RealDimension | IntegerDimension, value: number): number {
  const largest = type === "integer" ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
  return Math.min(Math.max(value, low, -largest), high, largest);
}

/** A value, or one a little inside of the bound that it has passed. */
export function moveInside(
  value: number,
  { low, high }: Bounds,
  { volatility, rng }: { readonly volatility: number; readonly rng: Rng },
): number {
  if (value >= low && value <= high) return value;
  const range = Number.isFinite(high - low) ? high - low : 1;
  const step = Math.abs(sampleNormal(rng)) * volatility * range;
  return value > high ? Math.max(high - step, low) : Math.min(low + step, high);
}
