import { ackley } from "../ackley-formula.js";
import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Ackley: a deep hole in a plain of ripples. Its optimum is the centre of the box, which favours some.",
  source: "Ackley 1987; https://www.sfu.ca/~ssurjano/ackley.html",
  parameters: { dimensions: dimensionParameter(2) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -32.768, 32.768),
      value: ackley,
      minimum: 0,
      optima: [new Float64Array(dimensions)],
    }),
});
