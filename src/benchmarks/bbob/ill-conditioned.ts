import { drawOptimum, drawRotations, type Instance, type Landscape } from "./instance.js";
import { along, multiply, oscillate, skew, squaredNorm, stretchedProduct } from "./transforms.js";

/** f10. */
export function ellipsoid(instance: Instance): Landscape {
  return rotated(instance, (z) => {
    let sum = 0;
    for (let i = 0; i < z.length; i++) sum += 10 ** (6 * along(i, z.length)) * oscillate(z[i]!) ** 2;
    return sum;
  });
}

/** f11: one direction is a thousand times more sensitive. */
export function discus(instance: Instance): Landscape {
  return rotated(instance, (z) => {
    let sum = 1e6 * oscillate(z[0]!) ** 2;
    for (let i = 1; i < z.length; i++) sum += oscillate(z[i]!) ** 2;
    return sum;
  });
}

/** f12: one direction is a thousand times less sensitive, and bent. */
export function bentCigar(instance: Instance): Landscape {
  const { dimensions, seed } = instance;
  const optimum = drawOptimum(dimensions, seed + 1_000_000);
  const { r } = drawRotations(instance);
  const bent = new Float64Array(dimensions);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(r, x, bent, optimum);
      skew(bent, 0.5);
      multiply(r, bent, z);
      return 1e6 * squaredNorm(z) - (1e6 - 1) * z[0]! ** 2;
    },
  };
}

/** f13. */
export function sharpRidge(instance: Instance): Landscape {
  const { dimensions, seed } = instance;
  const optimum = drawOptimum(dimensions, seed);
  const { r, q } = drawRotations(instance);
  const matrix = stretchedProduct(r, 10, q);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(matrix, x, z, optimum);
      let across = 0;
      for (let i = 1; i < dimensions; i++) across += z[i]! ** 2;
      return z[0]! ** 2 + 100 * Math.sqrt(across);
    },
  };
}

/** f14. */
export function differentPowers(instance: Instance): Landscape {
  return rotated(instance, (z) => {
    let sum = 0;
    for (let i = 0; i < z.length; i++) sum += Math.abs(z[i]!) ** (2 + 4 * along(i, z.length));
    return Math.sqrt(sum);
  });
}

/** A function of R (x − optimum). */
function rotated(instance: Instance, value: (z: Float64Array) => number): Landscape {
  const optimum = drawOptimum(instance.dimensions, instance.seed);
  const { r } = drawRotations(instance);
  const z = new Float64Array(instance.dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(r, x, z, optimum);
      return value(z);
    },
  };
}
