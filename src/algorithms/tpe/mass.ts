import { normalCdf } from "../../math/normal.js";

/** Φ(b) − Φ(a) for a ≤ b, exact in relative terms in both tails. */
export function normalMass(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}

/**
 * The mass in [0, 1] of a normal distribution around `center`, to 1e-5.
 *
 * Read off a table: each suggestion needs it for each coordinate of each kernel.
 *
 * @param center - In [0, 1].
 * @param inverse - 1 / its standard deviation.
 */
export function massInside(center: number, inverse: number): number {
  return upTo(center * inverse) + upTo((1 - center) * inverse) - 1;
}

/** Steps of the table for each standard deviation, and where Φ is 1 to the last digit. */
const steps = 64;
const end = 8.5;
const table = Float64Array.from({ length: steps * end + 2 }, (_, index) => normalCdf(index / steps));

/** Φ(z) for z ≥ 0, between two entries of the table. */
function upTo(z: number): number {
  if (!(z < end)) return 1;
  const at = z * steps;
  const index = at | 0; // the whole part, quicker
  const left = table[index]!;
  return left + (at - index) * (table[index + 1]! - left);
}
