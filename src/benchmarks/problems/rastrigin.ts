import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Rastrigin: a bowl with a regular grid of local minima.",
  source: "Rastrigin 1974; https://www.sfu.ca/~ssurjano/rastr.html",
  parameters: { dimensions: dimensionParameter(2) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -5.12, 5.12),
      value: (x) => {
        let sum = 0;
        for (const xi of x) sum += xi ** 2 + 10 * (1 - Math.cos(2 * Math.PI * xi));
        return sum;
      },
      minimum: 0,
      optima: [new Float64Array(dimensions)],
    }),
});
