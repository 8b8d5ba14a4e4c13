import { keyedRng } from "../../math/rng.js";
import { defineFamily } from "../problem.js";
import { type Dataset, type Split, splitDataset } from "../training/dataset.js";
import { irises } from "../training/iris.js";
import { logLoss, softmax } from "../training/losses.js";
import { splitParameter } from "../training/split-parameter.js";

export default defineFamily({
  summary: "A real training: gradient boosting with stumps on Fisher's irises; validation loss.",
  source: "Friedman 2001, https://doi.org/10.1214/aos/1013203451; the training is in the file",
  parameters: { split: splitParameter },
  build: ({ split: seed = 1 }) => {
    const split = splitDataset(irises(), { seed, share: 0.5 });
    return {
      space: {
        leaf: "uniform(1, 20, discrete=True)",
        penalty: "loguniform(1e-3, 10)",
        rate: "loguniform(1e-3, 1)",
        rounds: "loguniform(1, 100, discrete=True)",
        sample: "uniform(0.3, 1)",
      },
      evaluate: (params) => validationLoss(split, params as unknown as Setting),
      minimum: undefined,
      optima: [],
      cost: ({ rounds }) => (rounds as number) / 100,
    };
  },
});

interface Setting {
  /** Least number of examples on each side of a stump. */
  readonly leaf: number;
  /** Added to the weight of a side, so that small sides say less. */
  readonly penalty: number;
  readonly rate: number;
  readonly rounds: number;
  /** Share of the examples that each round sees. */
  readonly sample: number;
}

interface Stump {
  readonly feature: number;
  readonly threshold: number;
  readonly below: number;
  readonly above: number;
}

function validationLoss({ train, validation }: Split, setting: Setting): number {
  const { classCount } = train;
  const trained = new Float64Array(train.labels.length * classCount);
  const scores = new Float64Array(validation.labels.length * classCount);
  const orders = sortedRows(train);
  for (let round = 0; round < setting.rounds; round++) {
    const gradients = gradientsOf(train, trained, { ...setting, round });
    for (let label = 0; label < classCount; label++) {
      const stump = fitStump(train, gradients.subarray(label * train.labels.length), { ...setting, orders });
      addStump(stump, { dataset: train, scores: trained, label, rate: setting.rate });
      addStump(stump, { dataset: validation, scores, label, rate: setting.rate });
    }
  }
  let loss = 0;
  for (const [row, label] of validation.labels.entries()) {
    const own = scores.subarray(row * classCount, (row + 1) * classCount);
    softmax(own);
    loss += logLoss(own[label]!) / validation.labels.length;
  }
  return loss;
}

/** Indices of the rows in the order of each feature. */
function sortedRows({ features, labels, size }: Dataset): number[][] {
  return Array.from({ length: size }, (_, i) =>
    [...labels.keys()].sort((a, b) => features[a * size + i]! - features[b * size + i]! || a - b),
  );
}

/** Negative gradients of the loss, shape (classCount × n); 0 for rows that this round does not see. */
function gradientsOf(
  { labels, classCount }: Dataset,
  scores: Float64Array,
  { sample, round }: Setting & { round: number },
): Float64Array {
  const rng = keyedRng("boosting", round);
  const gradients = new Float64Array(labels.length * classCount);
  for (let row = 0; row < labels.length; row++) {
    if (rng.next() >= sample) continue;
    const probabilities = scores.slice(row * classCount, (row + 1) * classCount);
    softmax(probabilities);
    for (let label = 0; label < classCount; label++) {
      gradients[label * labels.length + row] = (labels[row] === label ? 1 : 0) - probabilities[label]!;
    }
  }
  return gradients;
}

/** The stump that lowers the squared error of the gradients most. */
function fitStump(
  { features, labels, size }: Dataset,
  gradients: Float64Array,
  { leaf, penalty, orders }: Pick<Setting, "leaf" | "penalty"> & { orders: readonly (readonly number[])[] },
): Stump {
  const count = labels.length;
  let total = 0;
  for (let row = 0; row < count; row++) total += gradients[row]!;
  const flat = total / (count + penalty);
  let best: Stump = { feature: 0, threshold: Number.POSITIVE_INFINITY, below: flat, above: flat };
  let bestGain = total ** 2 / (count + penalty);
  for (let feature = 0; feature < size; feature++) {
    const order = orders[feature]!;
    let sum = 0;
    for (let at = 1; at < count; at++) {
      sum += gradients[order[at - 1]!]!;
      const [left, right] = [features[order[at - 1]! * size + feature]!, features[order[at]! * size + feature]!];
      if (at < leaf || count - at < leaf || left === right) continue;
      const gain = sum ** 2 / (at + penalty) + (total - sum) ** 2 / (count - at + penalty);
      if (gain <= bestGain) continue;
      bestGain = gain;
      best = {
        feature,
        threshold: (left + right) / 2,
        below: sum / (at + penalty),
        above: (total - sum) / (count - at + penalty),
      };
    }
  }
  return best;
}

interface Target {
  readonly dataset: Dataset;
  /** Shape (n × classCount), changed in place. */
  readonly scores: Float64Array;
  readonly label: number;
  readonly rate: number;
}

function addStump({ feature, threshold, below, above }: Stump, { dataset, scores, label, rate }: Target): void {
  const { features, labels, size, classCount } = dataset;
  for (let row = 0; row < labels.length; row++) {
    const value = features[row * size + feature]! < threshold ? below : above;
    scores[row * classCount + label]! += rate * classCount * value;
  }
}
