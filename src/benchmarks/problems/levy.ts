import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Levy: waves whose height grows with the distance from the optimum.",
  source: "Levy & Montalvo 1985; https://www.sfu.ca/~ssurjano/levy.html",
  parameters: { dimensions: dimensionParameter(2) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -10, 10),
      value: levy,
      minimum: 0,
      optima: [new Float64Array(dimensions).fill(1)],
    }),
});

function levy(x: Float64Array): number {
  const w = (i: number) => 1 + (x[i]! - 1) / 4;
  const last = w(x.length - 1);
  let sum = Math.sin(Math.PI * w(0)) ** 2 + (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2);
  for (let i = 0; i + 1 < x.length; i++) sum += (w(i) - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * w(i) + 1) ** 2);
  return sum;
}
