import { ackley } from "../ackley-formula.js";
import { defineFamily } from "../problem.js";

export default defineFamily({
  summary: "Ackley with five categories of 17 levels, whose order the search is not told, and one real dimension.",
  source:
    "Ackley-5C of Wan, Nguyen, Ha, Ru, Lu & Osborne 2021, https://proceedings.mlr.press/v139/wan21b.html; " +
    "levels −1, −0.875 … 1",
  parameters: {
    categories: { notation: "#c", meaning: "number of categories", default: 5, values: { from: 1, to: 50 } },
  },
  build: ({ categories: count = 5 }) => {
    const names = Array.from({ length: count }, (_, i) => `c${String(i).padStart(2, "0")}`);
    const x = new Float64Array(count + 1);
    return {
      space: {
        ...Object.fromEntries(names.map((name) => [name, `choices([${labels.map((l) => `'${l}'`).join(", ")}])`])),
        x: "uniform(-1, 1)",
      },
      evaluate: (params) => {
        for (let i = 0; i < count; i++) x[i] = -1 + labels.indexOf(params[names[i]!] as string) / 8;
        x[count] = params.x as number;
        return ackley(x);
      },
      minimum: 0,
      optima: [{ ...Object.fromEntries(names.map((name) => [name, labels[8]!])), x: 0 }],
    };
  },
});

/** Letters, so that nobody takes them for numbers. */
const labels = [..."abcdefghijklmnopq"];
