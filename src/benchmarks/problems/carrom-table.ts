import { defineFamily } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Carrom table: four equal minima near the corners.",
  source: "Mishra 2006, https://mpra.ub.uni-muenchen.de/2718/",
  parameters: {},
  build: () =>
    realVector({
      bounds: cube(2, -10, 10),
      value: (x) => {
        const radius = Math.sqrt(x[0]! ** 2 + x[1]! ** 2);
        const waves = Math.cos(x[0]!) * Math.cos(x[1]!) * Math.exp(Math.abs(1 - radius / Math.PI));
        return -(waves ** 2) / 30;
      },
      minimum: -24.156815547391226,
      optima: [
        [9.64616767, 9.64616767],
        [-9.64616767, 9.64616767],
        [9.64616767, -9.64616767],
        [-9.64616767, -9.64616767],
      ],
    }),
});
