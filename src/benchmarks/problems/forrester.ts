import { defineFamily } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Forrester: one dimension, a local and a global minimum.",
  source: "Forrester, Sóbester & Keane 2008; https://www.sfu.ca/~ssurjano/forretal08.html",
  parameters: {},
  build: () =>
    realVector({
      bounds: cube(1, 0, 1),
      value: (x) => (6 * x[0]! - 2) ** 2 * Math.sin(12 * x[0]! - 4),
      minimum: -6.020740055767083,
      optima: [[0.7572487576]],
    }),
});
