import { normalQuantile } from "./normal.js";
import type { Rng } from "./rng.js";

/** A draw from the standard normal distribution by its inverse distribution function: one number of the stream each. */
export function sampleNormal(rng: Pick<Rng, "next">): number {
  let probability = rng.next();
  while (probability === 0) probability = rng.next(); // whose quantile is −∞
  return normalQuantile(probability);
}
