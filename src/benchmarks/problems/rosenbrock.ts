import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Rosenbrock: a bent valley with a nearly flat floor.",
  source: "Rosenbrock 1960; https://www.sfu.ca/~ssurjano/rosen.html",
  parameters: { dimensions: dimensionParameter(2, { from: 2, to: 100 }) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -5, 10),
      value: (x) => {
        let sum = 0;
        for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
        return sum;
      },
      minimum: 0,
      optima: [new Float64Array(dimensions).fill(1)],
    }),
});
