import { defineFamily } from "../problem.js";
import { realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Branin: smooth, three equal minima in long valleys.",
  source: "Dixon & Szegö 1978; https://www.sfu.ca/~ssurjano/branin.html",
  parameters: {},
  build: () =>
    realVector({
      bounds: [
        [-5, 10],
        [0, 15],
      ],
      value: (x) => branin(x[0]!, x[1]!),
      minimum: 0.39788735772973816, // 10/(8π), where the square and the sum of the rest vanish
      optima: [
        [-Math.PI, 12.275],
        [Math.PI, 2.275],
        [3 * Math.PI, 2.475],
      ],
    }),
});

function branin(u: number, v: number): number {
  const curve = v - (5.1 / (4 * Math.PI ** 2)) * u ** 2 + (5 / Math.PI) * u - 6;
  return curve ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(u) + 10;
}
