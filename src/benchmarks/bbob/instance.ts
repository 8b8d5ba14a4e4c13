import { normals, uniforms } from "./random.js";

/** What a function of the suite is made from. */
export interface Instance {
  readonly dimensions: number;
  /** Keys all its numbers: 10 000 · instance + function. */
  readonly seed: number;
}

/** One function of the suite, less its offset `fopt`: the least value is 0. */
export interface Landscape {
  /** @param x - Shape (d); not changed. */
  readonly value: (x: Float64Array) => number;
  /** Shape (d). */
  readonly optimum: Float64Array;
}

/** Functions 4 and 18 share the numbers of those that they vary. */
const seedOf: Readonly<Record<number, number>> = { 4: 3, 18: 17 };

export function instanceOf(functionNumber: number, dimensions: number, instance: number): Instance {
  return { dimensions, seed: (seedOf[functionNumber] ?? functionNumber) + 10_000 * instance };
}

/** The offset of an instance: a ratio of two normal numbers, with two digits, within ±1000. */
export function offsetOf({ seed }: Instance): number {
  const ratio = normals(1, seed)[0]! / normals(1, seed + 1)[0]!;
  return Math.min(1000, Math.max(-1000, Math.floor(100 * 100 * ratio + 0.5) / 100));
}

/** Where the optimum lies: uniform in [−4, 4]ᵈ with four digits, never 0. */
export function drawOptimum(dimensions: number, seed: number): Float64Array {
  return uniforms(dimensions, seed).map((u) => {
    const x = (8 * Math.floor(1e4 * u)) / 1e4 - 4;
    return x === 0 ? -1e-5 : x;
  });
}

/** A random rotation, shape (d × d), row-major: normal numbers whose columns are made orthonormal one by one. */
export function drawRotation(dimensions: number, seed: number): Float64Array {
  const d = dimensions;
  const drawn = normals(d * d, seed);
  const matrix = Float64Array.from({ length: d * d }, (_, at) => drawn[(at % d) * d + Math.floor(at / d)]!);
  for (let column = 0; column < d; column++) {
    for (let earlier = 0; earlier < column; earlier++) {
      let product = 0;
      for (let row = 0; row < d; row++) product += matrix[row * d + column]! * matrix[row * d + earlier]!;
      for (let row = 0; row < d; row++) matrix[row * d + column]! -= product * matrix[row * d + earlier]!;
    }
    let square = 0;
    for (let row = 0; row < d; row++) square += matrix[row * d + column]! ** 2;
    const norm = Math.sqrt(square);
    for (let row = 0; row < d; row++) matrix[row * d + column]! /= norm;
  }
  return matrix;
}

/** The two rotations of a function: R, from a seed a million further on, and Q. */
export function drawRotations({ dimensions, seed }: Instance): { readonly r: Float64Array; readonly q: Float64Array } {
  return { r: drawRotation(dimensions, seed + 1_000_000), q: drawRotation(dimensions, seed) };
}
