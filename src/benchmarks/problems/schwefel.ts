import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Schwefel: the best valley lies far from the second best, near a corner.",
  source: "Schwefel 1981; https://www.sfu.ca/~ssurjano/schwef.html",
  parameters: { dimensions: dimensionParameter(2) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -500, 500),
      // Without the rounded constant 418.9829 of the textbooks, so that the minimum is 0 to the last digit.
      value: (x) => {
        let sum = 0;
        for (const xi of x) sum += wave(optimum) - wave(xi);
        return sum;
      },
      minimum: 0,
      optima: [new Float64Array(dimensions).fill(optimum)],
    }),
});

const optimum = 420.96874635998199;

function wave(x: number): number {
  return x * Math.sin(Math.sqrt(Math.abs(x)));
}
