import type { Curve } from "./stopping-rule.js";

export interface GrowingCurve {
  readonly steps: number[];
  readonly values: number[];
}

export interface Point {
  readonly step: number;
  readonly value: number;
}

/** Steps ascend; one that comes again replaces its value. */
export function addPoint({ steps, values }: GrowingCurve, { step, value }: Point): void {
  const at = countBelow(steps, step);
  const isKnown = steps[at] === step;
  steps.splice(at, isKnown ? 1 : 0, step);
  values.splice(at, isKnown ? 1 : 0, value);
}

/** The last step of a curve that is not empty. */
export function lastStep({ steps }: Curve): number {
  return steps[steps.length - 1]!;
}

/**
 * The value that a curve had at a step: of the last report up to it. `undefined` when the curve does not reach so far,
 * or begins later.
 */
export function valueAt({ steps, values }: Curve, step: number): number | undefined {
  const at = countBelow(steps, step);
  if (at === steps.length) return undefined;
  return values[steps[at] === step ? at : at - 1];
}

/** The value with which a trial came to a step: of its first report there or beyond. */
export function valueFrom({ steps, values }: Curve, step: number): number | undefined {
  return values[countBelow(steps, step)];
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

/** How many of the ascending numbers are less than a limit; the place of the first that is not. */
export function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
