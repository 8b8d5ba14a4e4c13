import { defineFamily } from "../problem.js";

export default defineFamily({
  summary:
    "What tuning a network looks like: log scales, integers, categories, one valley across two of them, a cliff.",
  source: "Made for this project; the formula is in the file.",
  parameters: {},
  build: () => ({
    space: {
      activation: "choices(['relu', 'tanh', 'gelu'])",
      batch: "loguniform(8, 512, discrete=True)",
      dropout: "uniform(0, 0.8)",
      layers: "uniform(1, 8, discrete=True)",
      lr: "loguniform(1e-6, 1)",
      optimizer: "choices(['sgd', 'adam', 'rmsprop'])",
      width: "loguniform(16, 2048, discrete=True)",
    },
    evaluate: (params) => errorRate(params as unknown as Setting),
    minimum: 0.02,
    optima: [{ activation: "gelu", batch: 64, dropout: 0.2, layers: 4, lr: 1e-3, optimizer: "adam", width: 512 }],
  }),
});

interface Setting {
  readonly activation: keyof typeof activations;
  readonly batch: number;
  readonly dropout: number;
  readonly layers: number;
  readonly lr: number;
  readonly optimizer: keyof typeof optimizers;
  readonly width: number;
}

/** An error rate in [0.02, 0.9]: distances from the best setting, put through a saturating curve. */
function errorRate({ activation, batch, dropout, layers, lr, optimizer, width }: Setting): number {
  const { rate, handicap } = optimizers[optimizer];
  // A larger batch bears a larger rate: a valley across the two.
  const offRate = Math.log10(lr) - rate - 0.5 * Math.log10(batch / 64);
  const depth = layers - 4;
  const size = Math.log2(width / 512) + 0.5 * depth; // a deeper network may be narrower
  const distance =
    0.5 * offRate ** 2 +
    0.05 * Math.log2(batch / 64) ** 2 +
    0.04 * depth ** 2 +
    0.05 * size ** 2 +
    2 * (dropout - 0.2) ** 2 +
    handicap +
    activations[activation];
  const hasDiverged = offRate > 1.5;
  return hasDiverged ? 0.9 : 0.02 + 0.87 * -Math.expm1(-distance);
}

const optimizers = {
  adam: { rate: -3, handicap: 0 },
  rmsprop: { rate: -3.3, handicap: 0.02 },
  sgd: { rate: -1.2, handicap: 0.01 },
} as const;

const activations = { gelu: 0, relu: 0.005, tanh: 0.04 } as const;
