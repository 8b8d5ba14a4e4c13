import { roundInside } from "../decimals.js";
import type { ParamValue } from "../dimension.js";
import type { NumericKind, Transformer } from "./transformer.js";

/**
 * Real to real: keep so many significant digits, and stay inside the bounds. The same both ways, and doing it twice
 * changes nothing.
 *
 * So several points of an algorithm may be one trial.
 *
 * @param digits - `undefined` for all of them: then only what lies outside of the bounds changes.
 */
export function precision(source: NumericKind, digits: number | undefined): Transformer {
  const [low, high] = source.interval;
  const round = (element: ParamValue) => {
    const value = element as number;
    // a bound may have more digits than a value keeps
    if (value <= low || value >= high) return value <= low ? low : high;
    return roundInside(value, digits, { low, high });
  };
  return { source, target: source, forward: round, backward: round };
}
