import { defineFamily } from "../problem.js";

export default defineFamily({
  summary: "Four dimensions of three kinds: two on a log scale, one integer, one category that moves the optimum.",
  source: "Made for this project's comparisons; the formula is in the file.",
  parameters: {},
  build: () => ({
    space: {
      lr: "loguniform(1e-5, 1e-1)",
      wd: "loguniform(1e-6, 1e-2)",
      n: "uniform(1, 16, discrete=True)",
      c: "choices(['a', 'b', 'c', 'd'])",
    },
    evaluate: ({ lr, wd, n, c }) => {
      const rate = Math.log10(lr as number);
      const { middle, size, offset } = kinds[c as keyof typeof kinds];
      // Decay is best at 1e-4 for a rate of 1e-3, and falls with half the power of the rate.
      const decay = Math.log10(wd as number) + 4 + 0.5 * (rate + 3);
      return (rate - middle) ** 2 + 0.5 * decay ** 2 + 0.05 * ((n as number) - size) ** 2 + offset;
    },
    minimum: 0,
    optima: [{ lr: 1e-2, wd: 10 ** -4.5, n: 8, c: "b" }],
  }),
});

const kinds = {
  a: { middle: -3, size: 4, offset: 0.3 },
  b: { middle: -2, size: 8, offset: 0 },
  c: { middle: -4, size: 12, offset: 0.6 },
  d: { middle: -2.5, size: 6, offset: 1 },
} as const;
