import { normalCdf, normalQuantile } from "../../math/normal.js";
import type { Rng } from "../../math/rng.js";
import { type Axis, middleOfShare } from "./axes.js";

export interface KernelDraw {
  readonly center: number;
  readonly bandwidth: number;
  /** Parts for the prior beside the one part for the kernel's own category. */
  readonly categoryPrior: number;
  readonly rng: Rng;
}

/** One coordinate from a kernel. */
export function drawFromKernel(axis: Axis, { center, bandwidth, categoryPrior, rng }: KernelDraw): number {
  if (axis.kind === "categories") {
    return rng.next() * (1 + categoryPrior) < 1 ? middleOfShare(axis, center) : drawFromPrior(axis, rng);
  }
  const below = normalCdf(-center / bandwidth);
  const inside = normalCdf((1 - center) / bandwidth) - below;
  const x = center + bandwidth * normalQuantile(below + rng.next() * inside);
  return middleOfShare(axis, Math.min(Math.max(x, 0), 1));
}

/** One coordinate from the prior, which is even on the unit cube. */
export function drawFromPrior(axis: Axis, rng: Rng): number {
  return middleOfShare(axis, rng.next());
}
