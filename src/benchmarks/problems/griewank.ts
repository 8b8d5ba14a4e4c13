import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Griewank: a wide bowl under small ripples.",
  source: "Griewank 1981; https://www.sfu.ca/~ssurjano/griewank.html",
  parameters: { dimensions: dimensionParameter(2) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -600, 600),
      value: (x) => {
        let sum = 0;
        let product = 1;
        for (let i = 0; i < x.length; i++) {
          sum += x[i]! ** 2 / 4000;
          product *= Math.cos(x[i]! / Math.sqrt(i + 1));
        }
        return sum - product + 1;
      },
      minimum: 0,
      optima: [new Float64Array(dimensions)],
    }),
});
