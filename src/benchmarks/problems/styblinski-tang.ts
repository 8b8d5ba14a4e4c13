import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Styblinski–Tang: separable, with two minima along each coordinate.",
  source: "Styblinski & Tang 1990; https://www.sfu.ca/~ssurjano/stybtang.html",
  parameters: { dimensions: dimensionParameter(2) },
  build: ({ dimensions = 2 }) =>
    realVector({
      bounds: cube(dimensions, -5, 5),
      value: (x) => {
        let sum = 0;
        for (const xi of x) sum += quartic(xi);
        return sum;
      },
      minimum: dimensions * quartic(optimum),
      optima: [new Float64Array(dimensions).fill(optimum)],
    }),
});

/** The least root of the derivative 4x³ − 32x + 5. */
const optimum = -2.903534027771177;

function quartic(x: number): number {
  return (x ** 4 - 16 * x ** 2 + 5 * x) / 2;
}
