import { drawOptimum, drawRotation, drawRotations, type Instance, type Landscape } from "./instance.js";
import { along, multiply, oscillate, penalty, stretch, stretchedProduct } from "./transforms.js";

/** f6, attractive sector: a hundred times steeper towards the optimum's own side. */
export function attractiveSector(instance: Instance): Landscape {
  const optimum = drawOptimum(instance.dimensions, instance.seed);
  const { r, q } = drawRotations(instance);
  const matrix = stretchedProduct(r, 10, q);
  const z = new Float64Array(instance.dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(matrix, x, z, optimum);
      let sum = 0;
      for (let i = 0; i < z.length; i++) sum += ((z[i]! * optimum[i]! > 0 ? 100 : 1) * z[i]!) ** 2;
      return oscillate(sum) ** 0.9;
    },
  };
}

/** f7, step ellipsoid: plateaus, so nearly no gradient. */
export function stepEllipsoid(instance: Instance): Landscape {
  const { dimensions } = instance;
  const optimum = drawOptimum(dimensions, instance.seed);
  const { r, q } = drawRotations(instance);
  const steps = new Float64Array(dimensions);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(q, x, steps, optimum);
      stretch(steps, 10);
      const first = Math.abs(steps[0]!);
      for (let i = 0; i < dimensions; i++) {
        const s = steps[i]!;
        steps[i] = Math.abs(s) > 0.5 ? Math.floor(0.5 + s) : Math.floor(0.5 + 10 * s) / 10;
      }
      multiply(r, steps, z);
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += 100 ** along(i, dimensions) * z[i]! ** 2;
      return 0.1 * Math.max(first / 1e4, sum) + penalty(x);
    },
  };
}

/** f8. */
export function rosenbrock({ dimensions, seed }: Instance): Landscape {
  const optimum = drawOptimum(dimensions, seed).map((x) => 0.75 * x);
  const factor = valleyFactor(dimensions);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      for (let i = 0; i < dimensions; i++) z[i] = factor * (x[i]! - optimum[i]!) + 1;
      return valley(z);
    },
  };
}

/** f9. */
export function rotatedRosenbrock({ dimensions, seed }: Instance): Landscape {
  const { optimum, place } = rotatedValley(dimensions, seed);
  return { optimum, value: (x) => valley(place(x)) };
}

/** The rotated coordinates of f9 and f19, whose optimum is where they are all 1. */
export function rotatedValley(dimensions: number, seed: number) {
  const factor = valleyFactor(dimensions);
  const matrix = drawRotation(dimensions, seed).map((entry) => factor * entry);
  const optimum = new Float64Array(dimensions);
  for (let row = 0; row < dimensions; row++) {
    for (let i = 0; i < dimensions; i++) optimum[i]! += (0.5 * matrix[row * dimensions + i]!) / factor ** 2;
  }
  const z = new Float64Array(dimensions);
  const place = (x: Float64Array): Float64Array => {
    multiply(matrix, x, z);
    for (let i = 0; i < dimensions; i++) z[i]! += 0.5;
    return z;
  };
  return { optimum, place };
}

function valleyFactor(dimensions: number): number {
  return Math.max(1, Math.sqrt(dimensions) / 8);
}

function valley(z: Float64Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < z.length; i++) sum += 100 * (z[i]! ** 2 - z[i + 1]!) ** 2 + (z[i]! - 1) ** 2;
  return sum;
}
