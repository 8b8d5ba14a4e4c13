import { defineFamily } from "../problem.js";
import { type Split, splitDataset } from "../training/dataset.js";
import { digitPictures } from "../training/digits.js";
import { logLoss } from "../training/losses.js";
import { splitParameter } from "../training/split-parameter.js";

export default defineFamily({
  summary: "A real training: nearest neighbours on pictures of digits; validation loss.",
  source: "Cover & Hart 1967, https://doi.org/10.1109/TIT.1967.1053964; the training is in the file",
  parameters: { split: splitParameter },
  build: ({ split: seed = 1 }) => {
    const split = splitDataset(digitPictures(300, seed), { seed, share: 0.7 });
    return {
      space: {
        distance: "choices(['euclid', 'manhattan', 'chebyshev'])",
        k: "loguniform(1, 100, discrete=True)",
        power: "uniform(0, 8)",
        smoothing: "loguniform(1e-4, 10)",
      },
      evaluate: (params) => validationLoss(split, params as unknown as Setting),
      minimum: undefined,
      optima: [],
    };
  },
});

interface Setting {
  readonly k: number;
  readonly distance: keyof typeof distances;
  /** Neighbours count by distance to the power −power. */
  readonly power: number;
  /** Votes that each class has beforehand. */
  readonly smoothing: number;
}

const distances = {
  euclid: { add: (sum: number, gap: number) => sum + gap * gap, finish: Math.sqrt },
  manhattan: { add: (sum: number, gap: number) => sum + Math.abs(gap), finish: (sum: number) => sum },
  chebyshev: { add: (sum: number, gap: number) => Math.max(sum, Math.abs(gap)), finish: (sum: number) => sum },
} as const;

function validationLoss({ train, validation }: Split, { k, distance, power, smoothing }: Setting): number {
  const { add, finish } = distances[distance];
  const { size, classCount } = train;
  const count = train.labels.length;
  const gaps = new Float64Array(count);
  const votes = new Float64Array(classCount);
  let loss = 0;
  for (let row = 0; row < validation.labels.length; row++) {
    for (let other = 0; other < count; other++) {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        sum = add(sum, validation.features[row * size + i]! - train.features[other * size + i]!);
      }
      gaps[other] = finish(sum);
    }
    const nearest = [...gaps.keys()].sort((a, b) => gaps[a]! - gaps[b]! || a - b).slice(0, k);
    const unit = gaps[nearest[0]!]! || 1; // so that powers of distances stay near 1
    votes.fill(smoothing);
    for (const other of nearest) votes[train.labels[other]!]! += Math.max(gaps[other]! / unit, 1e-9) ** -power;
    const total = votes.reduce((sum, vote) => sum + vote, 0);
    loss += logLoss(votes[validation.labels[row]!]! / total) / validation.labels.length;
  }
  return loss;
}
