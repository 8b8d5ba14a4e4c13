import { defineFamily } from "../problem.js";
import {
  bealeTerm,
  camelMinimum,
  camelOptima,
  camelTerm,
  choicesText,
  rosenbrockTerm,
  secondTerms,
  terms,
} from "../two-dimensional.js";

export default defineFamily({
  summary: "Func3C: Func2C with a third category that adds a multiple of one more function.",
  source: "Ru, Alvi, Nguyen, Osborne & Roberts 2020, https://proceedings.mlr.press/v119/ru20a.html",
  parameters: {},
  build: () => ({
    space: {
      h1: choicesText(Object.keys(terms)),
      h2: choicesText(Object.keys(secondTerms)),
      h3: choicesText(Object.keys(thirdTerms)),
      x0: "uniform(-1, 1)",
      x1: "uniform(-1, 1)",
    },
    evaluate: ({ h1, h2, h3, x0, x1 }) => {
      const [u, v] = [2 * (x0 as number), 2 * (x1 as number)];
      const sum = terms[h1 as keyof typeof terms](u, v) + secondTerms[h2 as keyof typeof secondTerms](u, v);
      return sum + thirdTerms[h3 as keyof typeof thirdTerms](u, v);
    },
    minimum: 7 * camelMinimum,
    optima: camelOptima.map((optimum) => ({ h1: "cam", h2: "cam", h3: "5cam", ...optimum })),
  }),
});

const thirdTerms = {
  "5cam": (u: number, v: number) => 5 * camelTerm(u, v),
  "2ros": (u: number, v: number) => 2 * rosenbrockTerm(u, v),
  "2bea": (u: number, v: number) => 2 * bealeTerm(u, v),
  "3bea": (u: number, v: number) => 3 * bealeTerm(u, v),
} as const;
