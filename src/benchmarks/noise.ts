import { normalQuantile } from "../math/normal.js";
import type { Rng } from "../math/rng.js";
import { type Problem, trueValue } from "./problem.js";

/**
 * The same problem seen through normal noise.
 *
 * @param deviation - Standard deviation, in the unit of the objective; above 0.
 */
export function withNoise(problem: Problem, deviation: number): Problem {
  return {
    ...problem,
    name: `${problem.name}${noiseMark}${deviation}`,
    summary: `${problem.summary.replace(/\.$/, "")}; with noise of standard deviation ${deviation}.`,
    evaluate: (params, rng) => problem.evaluate(params, rng) + deviation * gaussian(rng),
    truth: (params) => trueValue(problem, params),
  };
}

/** What stands between a problem's name and its noise: `branin+noise0.1`. */
export const noiseMark = "+noise";

/** One standard normal number. */
export function gaussian(rng: Rng): number {
  return normalQuantile((1 + rng.below(2 ** 32 - 1)) / 2 ** 32); // never 0 or 1
}
