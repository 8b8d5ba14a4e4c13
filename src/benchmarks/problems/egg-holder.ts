import { defineFamily } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "EggHolder: rugged, with its optimum at the edge of the box.",
  source: "Whitley et al. 1996; https://www.sfu.ca/~ssurjano/egg.html",
  parameters: {},
  build: () =>
    realVector({
      bounds: cube(2, -512, 512),
      value: (x) => {
        const [u, v] = [x[0]!, x[1]! + 47];
        return -v * Math.sin(Math.sqrt(Math.abs(v + u / 2))) - u * Math.sin(Math.sqrt(Math.abs(u - v)));
      },
      minimum: -959.640662720851,
      optima: [[512, 404.231804985]],
    }),
});
