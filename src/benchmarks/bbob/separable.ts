import { drawOptimum, type Instance, type Landscape } from "./instance.js";
import { along, oscillate, penalty, ripples, skew, squaredNorm, stretch } from "./transforms.js";

/** f1. */
export function sphere({ dimensions, seed }: Instance): Landscape {
  const optimum = drawOptimum(dimensions, seed);
  return { optimum, value: (x) => x.reduce((sum, xi, i) => sum + (xi - optimum[i]!) ** 2, 0) };
}

/** f2. */
export function separableEllipsoid({ dimensions, seed }: Instance): Landscape {
  const optimum = drawOptimum(dimensions, seed);
  return {
    optimum,
    value: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += 10 ** (6 * along(i, dimensions)) * oscillate(x[i]! - optimum[i]!) ** 2;
      return sum;
    },
  };
}

/** f3. */
export function separableRastrigin({ dimensions, seed }: Instance): Landscape {
  const optimum = drawOptimum(dimensions, seed);
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      for (let i = 0; i < x.length; i++) z[i] = oscillate(x[i]! - optimum[i]!);
      skew(z, 0.2);
      stretch(z, 10);
      return ripples(z) + squaredNorm(z);
    },
  };
}

/** f4, Büche–Rastrigin: every other coordinate is ten times steeper on the far side. */
export function bucheRastrigin({ dimensions, seed }: Instance): Landscape {
  const optimum = drawOptimum(dimensions, seed).map((x, i) => (i % 2 === 0 ? Math.abs(x) : x));
  const z = new Float64Array(dimensions);
  return {
    optimum,
    value: (x) => {
      for (let i = 0; i < x.length; i++) {
        const zi = oscillate(x[i]! - optimum[i]!);
        z[i] = zi * 10 ** (along(i, dimensions) / 2) * (zi > 0 && i % 2 === 0 ? 10 : 1);
      }
      return ripples(z) + squaredNorm(z) + 100 * penalty(x);
    },
  };
}

/** f5: the optimum is a corner of the box, and beyond it the function is flat. */
export function linearSlope({ dimensions, seed }: Instance): Landscape {
  const optimum = drawOptimum(dimensions, seed).map((x) => (x < 0 ? -5 : 5));
  return {
    optimum,
    value: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        const corner = optimum[i]!;
        const zi = corner * x[i]! < 25 ? x[i]! : corner;
        sum += 10 ** along(i, dimensions) * (5 - Math.sign(corner) * zi);
      }
      return sum;
    },
  };
}
