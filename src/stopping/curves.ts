import type { Curve } from "./stopping-rule.js";

/** The last step of a curve that is not empty. */
export function lastStep({ steps }: Curve): number {
  return steps[steps.length - 1]!;
}

/**
 * The value that a curve had at a step: of the last report up to it. `undefined` when the curve does not reach so far,
 * or begins later.
 */
export function valueAt({ steps, values }: Curve, step: number): number | undefined {
  if (steps.length === 0 || steps[steps.length - 1]! < step) return undefined;
  let at = steps.length - 1;
  while (at >= 0 && steps[at]! > step) at--;
  return values[at];
}

/** The best value of a curve so far; Infinity when none is a number. */
export function bestOf({ values }: Curve): number {
  let best = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < best) best = value;
  return best;
}

/** What ranks a value: NaN is worse than anything. */
export function rankOf(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
