import { defineFamily } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "Shekel: foxholes in four dimensions.",
  source: "Shekel 1971; https://www.sfu.ca/~ssurjano/shekel.html",
  parameters: {
    holes: { notation: "m#", meaning: "number of holes", default: 10, values: [5, 7, 10] },
  },
  build: ({ holes = 10 }) =>
    realVector({
      bounds: cube(4, 0, 10),
      value: (x) => {
        let sum = 0;
        for (let hole = 0; hole < holes; hole++) {
          let distance = beta[hole]!;
          for (let i = 0; i < 4; i++) distance += (x[i]! - centres[hole]![i]!) ** 2;
          sum -= 1 / distance;
        }
        return sum;
      },
      ...optima[holes as 5 | 7 | 10],
    }),
});

const beta = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5];

const centres = [
  [4, 4, 4, 4],
  [1, 1, 1, 1],
  [8, 8, 8, 8],
  [6, 6, 6, 6],
  [3, 7, 3, 7],
  [2, 9, 2, 9],
  [5, 3, 5, 3],
  [8, 1, 8, 1],
  [6, 2, 6, 2],
  [7, 3.6, 7, 3.6],
];

/** The published four digits, polished. */
const optima = {
  5: { minimum: -10.153199679058227, optima: [[4.0000371537, 4.0001332795, 4.0000371537, 4.0001332795]] },
  7: { minimum: -10.402915336777744, optima: [[4.0005728179, 3.9996062067, 4.0005728179, 3.9996062067]] },
  10: { minimum: -10.53644315348353, optima: [[4.0007468687, 3.9995094789, 4.0007468687, 3.9995094789]] },
} as const;
