/**
 * Ackley's function with a = 20, b = 0.2, c = 2π; 0 at the origin, up to rounding (4e-16).
 *
 * @see https://www.sfu.ca/~ssurjano/ackley.html
 */
export function ackley(x: ArrayLike<number>): number {
  let squares = 0;
  let cosines = 0;
  for (let i = 0; i < x.length; i++) {
    squares += x[i]! ** 2;
    cosines += Math.cos(2 * Math.PI * x[i]!);
  }
  const n = x.length;
  // Grouped so that both parts vanish at the origin.
  return -20 * Math.expm1(-0.2 * Math.sqrt(squares / n)) + (Math.E - Math.exp(cosines / n));
}
