import type { IntegerDimension, RealDimension } from "./dimension.js";

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * The inclusive bounds that a prior has by itself, before `low=` and `high=` cut it; infinite for `normal`.
 *
 * An integer dimension reaches out to whole numbers: `uniform(0.5, 2.5, discrete=True)` has 0, 1, 2 and 3.
 */
export function naturalBounds({ type, prior }: Pick<RealDimension | IntegerDimension, "type" | "prior">): Bounds {
  if (prior.name === "normal") return { low: -Infinity, high: Infinity };
  if (type === "real") return { low: prior.low, high: prior.high };
  return { low: Math.floor(prior.low) + 0, high: Math.ceil(prior.high) + 0 };
}
