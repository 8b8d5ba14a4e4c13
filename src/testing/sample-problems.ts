import { keyedRng } from "../math/rng.js";
import type { Params, ParamValue } from "../space/dimension.js";

/** The space of the golden trace; a fidelity is added for algorithms that require one. */
export const traceTexts = {
  "/layers": "uniform(1, 8, discrete=True)",
  "/lr": "loguniform(1e-5, 1)",
  "/momentum": "uniform(0, 1)",
  "/optimizer": "choices(['adam', 'sgd', 'rmsprop'])",
};

/** One dimension of each kind that there is. */
export const kindTexts = [
  "uniform(-5, 10)",
  "uniform(0.001, 0.002, precision=2)",
  "loguniform(1e-5, 1)",
  "normal(3, 2)",
  "normal(0, 1, low=0.5, high=4)",
  "uniform(-3, 4, discrete=True)",
  "uniform(0, 100000, discrete=True)",
  "loguniform(1, 1000, discrete=True)",
  "normal(10, 5, discrete=True)",
  "choices(['a', 'b', 3, 3.5, None, True])",
  "choices({'rare': 0.01, 'common': 0.99})",
  "uniform(0, 1, shape=3)",
  "uniform(1, 9, discrete=True, shape=(2, 2))",
  "choices(['a', 'b'], shape=2)",
];

/** A space of twelve points. */
export const finiteTexts = {
  "/a": "choices(['x', 'y'])",
  "/b": "uniform(1, 3, discrete=True)",
  "/c": "choices({0: 0.9, 1: 0.1})",
};

export const braninTexts = { "/x": "uniform(-5, 10)", "/y": "uniform(0, 15)" };

/** Objective on `braninTexts`: minimum 0.397887 at (−π, 12.275), (π, 2.275) and (9.42478, 2.475). @see https://www.sfu.ca/~ssurjano/branin.html */
export function branin(params: Params): number {
  const [x, y] = [params["/x"] as number, params["/y"] as number];
  const curve = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
  return curve ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

/** An objective for any space: the numbers at their squares, categories by a hash. */
export function bowl(params: Params): number {
  return Object.values(params)
    .flat(2)
    .reduce<number>((sum, value) => sum + (typeof value === "number" ? value ** 2 : hashed(value)), 0);
}

function hashed(value: ParamValue): number {
  return keyedRng("bowl", JSON.stringify(value)).next();
}
