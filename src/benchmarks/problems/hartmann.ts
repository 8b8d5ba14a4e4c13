import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Hartmann: four bumps of different widths in three or six dimensions.",
  source: "Hartman 1973; https://www.sfu.ca/~ssurjano/hart6.html, https://www.sfu.ca/~ssurjano/hart3.html",
  parameters: { dimensions: dimensionParameter(6, [3, 6]) },
  build: ({ dimensions }) => {
    const { a, p, minimum, optimum } = tables[dimensions as 3 | 6];
    return realVector({
      bounds: cube(optimum.length, 0, 1),
      value: (x) => {
        let sum = 0;
        for (let row = 0; row < 4; row++) {
          let exponent = 0;
          for (let i = 0; i < x.length; i++) exponent += a[row]![i]! * (x[i]! - p[row]![i]!) ** 2;
          sum -= alpha[row]! * Math.exp(-exponent);
        }
        return sum;
      },
      minimum,
      optima: [optimum],
    });
  },
});

const alpha = [1, 1.2, 3, 3.2];

/** Published optima have six digits; these are polished, so that a regret below 1e-6 still means something. */
const tables = {
  3: {
    a: [
      [3, 10, 30],
      [0.1, 10, 35],
      [3, 10, 30],
      [0.1, 10, 35],
    ],
    p: [
      [0.3689, 0.117, 0.2673],
      [0.4699, 0.4387, 0.747],
      [0.1091, 0.8732, 0.5547],
      [0.0381, 0.5743, 0.8828],
    ],
    minimum: -3.862779787332663,
    optimum: [0.1145888703, 0.55564889285, 0.85254698474],
  },
  6: {
    a: [
      [10, 3, 17, 3.5, 1.7, 8],
      [0.05, 10, 17, 0.1, 8, 14],
      [3, 3.5, 1.7, 10, 17, 8],
      [17, 8, 0.05, 10, 0.1, 14],
    ],
    p: [
      [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
      [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
      [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
      [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ],
    minimum: -3.322368011415515,
    optimum: [0.20168951, 0.15001069, 0.476873976, 0.27533243, 0.311651616, 0.657300534],
  },
} as const;
