import { drawOptimum, drawRotations, type Instance, type Landscape } from "./instance.js";
import { rotatedValley } from "./moderate.js";
import { multiply, oscillate, penalty, ripples, skew, squaredNorm, stretch, stretchedProduct } from "./transforms.js";

/** f15. */
export function rastrigin(instance: Instance): Landscape {
  const { dimensions, seed } = instance;
  const optimum = drawOptimum(dimensions, seed);
  const { r, q } = drawRotations(instance);
  const matrix = stretchedProduct(r, 10, q);
  const bumpy = new Float64Array(dimensions);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(r, x, bumpy, optimum);
      for (let i = 0; i < dimensions; i++) bumpy[i] = oscillate(bumpy[i]!);
      skew(bumpy, 0.2);
      multiply(matrix, bumpy, z);
      return ripples(z) + squaredNorm(z);
    },
  };
}

/** f16, Weierstrass: rugged at every scale, with many optima. */
export function weierstrass(instance: Instance): Landscape {
  const { dimensions, seed } = instance;
  const optimum = drawOptimum(dimensions, seed);
  const { r, q } = drawRotations(instance);
  const matrix = stretchedProduct(r, 1 / 100, q);
  const bumpy = new Float64Array(dimensions);
  const z = new Float64Array(dimensions);
  const least = fractal(0);
  return {
    optimum,
    value: (x) => {
      multiply(r, x, bumpy, optimum);
      for (let i = 0; i < dimensions; i++) bumpy[i] = oscillate(bumpy[i]!);
      multiply(matrix, bumpy, z);
      let sum = 0;
      for (const zi of z) sum += fractal(zi) - least;
      return 10 * (sum / dimensions) ** 3 + (10 / dimensions) * penalty(x);
    },
  };
}

function fractal(z: number): number {
  let sum = 0;
  for (let k = 0; k < 12; k++) sum += Math.cos(2 * Math.PI * 3 ** k * (z + 0.5)) / 2 ** k;
  return sum;
}

/** f17. */
export function schaffers(instance: Instance): Landscape {
  return schaffersStretched(instance, 10);
}

/** f18: f17 with a worse condition. */
export function illConditionedSchaffers(instance: Instance): Landscape {
  return schaffersStretched(instance, 1000);
}

function schaffersStretched(instance: Instance, alpha: number): Landscape {
  const { dimensions, seed } = instance;
  const optimum = drawOptimum(dimensions, seed);
  const { r, q } = drawRotations(instance);
  const skewed = new Float64Array(dimensions);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      multiply(r, x, skewed, optimum);
      skew(skewed, 0.5);
      multiply(q, skewed, z);
      stretch(z, alpha);
      let sum = 0;
      for (let i = 0; i + 1 < dimensions; i++) {
        const square = z[i]! ** 2 + z[i + 1]! ** 2; // s², so √s is its fourth root
        sum += square ** 0.25 * (1 + Math.sin(50 * square ** 0.1) ** 2);
      }
      return (sum / (dimensions - 1)) ** 2 + 10 * penalty(x);
    },
  };
}

/** f19, Griewank–Rosenbrock: the valley of f9 under ripples. */
export function griewankRosenbrock({ dimensions, seed }: Instance): Landscape {
  const { optimum, place } = rotatedValley(dimensions, seed);
  return {
    optimum,
    value: (x) => {
      const z = place(x);
      let sum = 0;
      for (let i = 0; i + 1 < dimensions; i++) {
        const s = 100 * (z[i]! ** 2 - z[i + 1]!) ** 2 + (z[i]! - 1) ** 2;
        sum += s / 4000 + 1 - Math.cos(s);
      }
      return (10 * sum) / (dimensions - 1);
    },
  };
}
