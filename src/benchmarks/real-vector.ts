import type { Params } from "../space/dimension.js";
import type { ProblemBody } from "./problem.js";

/** A function of real numbers x0, x1 … in a box. */
export interface VectorProblem {
  /** Bounds of each coordinate. */
  readonly bounds: readonly (readonly [low: number, high: number])[];
  /** @param x - Shape (d); it is reused, so it must not be kept. */
  readonly value: (x: Float64Array) => number;
  readonly minimum: number | undefined;
  readonly optima: readonly ArrayLike<number>[];
}

/** The problem of a function of real numbers. Dimensions are uniform and named x00, x01 … so that they sort. */
export function realVector({ bounds, value, minimum, optima }: VectorProblem): ProblemBody {
  const names = coordinateNames(bounds.length);
  const x = new Float64Array(bounds.length);
  return {
    space: Object.fromEntries(bounds.map(([low, high], i) => [names[i]!, `uniform(${low}, ${high})`])),
    evaluate: (params) => {
      for (let i = 0; i < x.length; i++) x[i] = params[names[i]!] as number;
      return value(x);
    },
    minimum,
    optima: optima.map((optimum) => vectorParams(optimum)),
  };
}

/** The same bounds for each of `count` coordinates. */
export function cube(count: number, low: number, high: number): (readonly [number, number])[] {
  return Array.from({ length: count }, () => [low, high] as const);
}

/** Parameters that stand for a vector. */
export function vectorParams(x: ArrayLike<number>): Params {
  const names = coordinateNames(x.length);
  return Object.fromEntries(names.map((name, i) => [name, x[i]!]));
}

/** `x0` … `x9`, or `x00` … `x39`: as many digits as sort them. */
export function coordinateNames(count: number): string[] {
  const width = String(Math.max(count - 1, 0)).length;
  return Array.from({ length: count }, (_, i) => `x${String(i).padStart(width, "0")}`);
}
