import { scrambledSobol } from "../../math/sobol.js";
import type { Params, Space } from "../../space/dimension.js";
import { fromUnit, unitSize } from "../../space/unit-cube.js";
import type { SuggestContext } from "../algorithm.js";
import { remember } from "../remember.js";

/**
 * What is tried before there is a model: first the defaults that the user gave his dimensions, then the points of a
 * Sobol sequence by the trial's number, so that workers need not agree on who tries which.
 */
export function startingPoint(context: Pick<SuggestContext, "space" | "seed" | "cache" | "trialNumber">): Params {
  const { space, seed, cache, trialNumber } = context;
  const point = remember(cache, { name: "gp start", make: () => scrambledSobol(unitSize(space), seed, "gp start") });
  const params = fromUnit(space, point(trialNumber - 1));
  return trialNumber === 1 ? withDefaults(space, params) : params;
}

/** The point, with the defaults of all dimensions that have one in their places. */
export function withDefaults(space: Space, params: Params): Params {
  const defaults = space.dimensions.flatMap(({ name, defaultValue }) =>
    defaultValue === undefined ? [] : [[name, defaultValue] as const],
  );
  return { ...params, ...Object.fromEntries(defaults) };
}
