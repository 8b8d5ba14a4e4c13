import { drawOptimum, drawRotations, type Instance, type Landscape } from "./instance.js";
import { normals, uniforms } from "./random.js";
import { along, multiply, penalty, ripples, stretchedProduct } from "./transforms.js";

/** f20, Schwefel: the best peaks lie near the corners, far from each other. */
export function schwefel({ dimensions, seed }: Instance): Landscape {
  const signs = uniforms(dimensions, seed).map((u) => (u < 0.5 ? -1 : 1));
  const optimum = signs.map((sign) => (sign * peak) / 2);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      for (let i = 0; i < dimensions; i++) {
        const before = i === 0 ? peak : 2 * signs[i - 1]! * x[i - 1]!;
        const moved = 2 * signs[i]! * x[i]! + 0.25 * (before - peak);
        z[i] = 10 ** (along(i, dimensions) / 2) * (moved - peak) + peak;
      }
      let sum = 0;
      for (const zi of z) sum += wave(100 * peak) - wave(100 * zi);
      return sum / (100 * dimensions) + 100 * penalty(z);
    },
  };
}

/** Where z sin √|z| is greatest below 500, over 100. */
const peak = 4.20968746359982;

function wave(z: number): number {
  return z * Math.sin(Math.sqrt(Math.abs(z)));
}

/** f23, Katsuura: continuous and nowhere differentiable, with many optima. */
export function katsuura(instance: Instance): Landscape {
  const { dimensions, seed } = instance;
  const optimum = drawOptimum(dimensions, seed);
  const { r, q } = drawRotations(instance);
  const matrix = stretchedProduct(r, 100, q);
  const z = new Float64Array(dimensions);
  const scale = 10 / dimensions ** 2;
  return {
    optimum,
    value: (x) => {
      multiply(matrix, x, z, optimum);
      let product = 1;
      for (let i = 0; i < dimensions; i++) {
        let sum = 0;
        for (let j = 1; j <= 32; j++) {
          const zoomed = 2 ** j * z[i]!;
          sum += Math.abs(zoomed - Math.round(zoomed)) / 2 ** j;
        }
        product *= (1 + (i + 1) * sum) ** (10 / dimensions ** 1.2);
      }
      return scale * (product - 1) + penalty(x);
    },
  };
}

/** f24, Lunacek: two funnels, and the wider one is the wrong one. */
export function lunacek(instance: Instance): Landscape {
  const { dimensions, seed } = instance;
  const signs = normals(dimensions, seed).map((g) => (g < 0 ? -1 : 1));
  const right = 2.5;
  const s = 1 - 0.5 / (Math.sqrt(dimensions + 20) - 4.1);
  const wrong = -Math.sqrt((right ** 2 - 1) / s);
  const { r, q } = drawRotations(instance);
  const matrix = stretchedProduct(r, 100, q);
  const moved = new Float64Array(dimensions);
  const z = new Float64Array(dimensions);
  return {
    optimum: signs.map((sign) => (sign * right) / 2),
    value: (x) => {
      let near = 0;
      let far = 0;
      for (let i = 0; i < dimensions; i++) {
        const folded = 2 * signs[i]! * x[i]!;
        moved[i] = folded - right;
        near += (folded - right) ** 2;
        far += (folded - wrong) ** 2;
      }
      multiply(matrix, moved, z);
      return Math.min(near, dimensions + s * far) + ripples(z) + 1e4 * penalty(x);
    },
  };
}
