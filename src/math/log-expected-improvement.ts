import { log } from "./exp-log.js";
import { normalCdf, normalPdf } from "./normal.js";

/**
 * ln h(z) with h(z) = φ(z) + z Φ(z), so that ln EI = ln σ + ln h((best − mean) / σ), and its derivative Φ(z) / h(z).
 *
 * EI itself underflows a few dozen standard deviations away from an improvement, and its gradient with it; its
 * logarithm goes on to say where the hope is. Where the sum would cancel, the continued fraction of Mills' ratio
 *
 *     Φ(−x) / φ(x) = 1 / (x + t),    t = 1 / (x + 2 / (x + 3 / (x + …)))
 *
 * gives h(−x) = φ(x) t / (x + t) and the derivative 1 / t without a difference. That replaces the three cases of the
 * paper, the middle one of which loses digits as z² grows.
 *
 * @param out - Shape (2): takes the value and the derivative.
 * @see Ament et al. 2023, "Unexpected Improvements to Expected Improvement", eq. 9, https://arxiv.org/abs/2310.20708
 * @see Abramowitz & Stegun 1964, 26.2.14
 */
export function logImprovement(z: number, out: Float64Array): void {
  if (z > -3) {
    const cdf = normalCdf(z);
    const h = normalPdf(z) + z * cdf;
    out[0] = log(h);
    out[1] = cdf / h;
    return;
  }
  const t = millsTail(-z);
  out[0] = -0.5 * z * z - logRootTwoPi + log(t / (t - z));
  out[1] = 1 / t;
}

const logRootTwoPi = 0.9189385332046728;

/** t of the continued fraction for x ≥ 3, from its end: far out a few terms give every digit, at 3 it takes eighty. */
function millsTail(x: number): number {
  let tail = x;
  for (let term = Math.ceil(12 + 800 / (x * x)); term >= 2; term--) tail = x + term / tail;
  return 1 / tail;
}
