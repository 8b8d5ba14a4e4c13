import { defineFamily } from "../problem.js";
import { camelMinimum, camelOptima, choicesText, secondTerms, terms } from "../two-dimensional.js";

export default defineFamily({
  summary: "Func2C: two categories choose the two functions that are added, in two real dimensions.",
  source: "Ru, Alvi, Nguyen, Osborne & Roberts 2020, https://proceedings.mlr.press/v119/ru20a.html",
  parameters: {},
  build: () => ({
    space: {
      h1: choicesText(Object.keys(terms)),
      h2: choicesText(Object.keys(secondTerms)),
      x0: "uniform(-1, 1)",
      x1: "uniform(-1, 1)",
    },
    evaluate: ({ h1, h2, x0, x1 }) => {
      const [u, v] = [2 * (x0 as number), 2 * (x1 as number)];
      return terms[h1 as keyof typeof terms](u, v) + secondTerms[h2 as keyof typeof secondTerms](u, v);
    },
    minimum: 2 * camelMinimum,
    optima: camelOptima.map((optimum) => ({ h1: "cam", h2: "cam", ...optimum })),
  }),
});
