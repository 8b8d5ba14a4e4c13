import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Michalewicz: flat, with narrow valleys (m = 10).",
  source: "Michalewicz 1992; https://www.sfu.ca/~ssurjano/michal.html",
  parameters: { dimensions: dimensionParameter(2, { from: 1, to: 100 }) },
  build: ({ dimensions = 2 }) => {
    const optimum = Array.from({ length: dimensions }, (_, i) => deepest(i));
    const minimum = optimum.reduce((sum, x, i) => sum + term(x, i), 0);
    return realVector({
      bounds: cube(dimensions, 0, Math.PI),
      value: (x) => {
        let sum = 0;
        for (let i = 0; i < x.length; i++) sum += term(x[i]!, i);
        return sum;
      },
      minimum,
      optima: [optimum],
    });
  },
});

function term(x: number, i: number): number {
  return -Math.sin(x) * Math.sin(((i + 1) * x ** 2) / Math.PI) ** 20;
}

/**
 * The minimum of one term. The function is separable, and each term has its valleys where the square is an odd multiple
 * of π/2: a fine scan and a golden section find the deepest.
 */
function deepest(i: number): number {
  const steps = 2000 * (i + 1);
  let best = 0;
  for (let step = 1; step <= steps; step++) {
    if (term((step * Math.PI) / steps, i) < term((best * Math.PI) / steps, i)) best = step;
  }
  let low = ((best - 1) * Math.PI) / steps;
  let high = ((best + 1) * Math.PI) / steps;
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let turn = 0; turn < 80; turn++) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (term(left, i) < term(right, i)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
