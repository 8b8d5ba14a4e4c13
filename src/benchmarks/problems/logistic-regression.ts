import { keyedRng } from "../../math/rng.js";
import { defineFamily } from "../problem.js";
import { type Dataset, type Split, splitDataset } from "../training/dataset.js";
import { irises } from "../training/iris.js";
import { createLayer, descend, forward, type Layer, type Step } from "../training/layer.js";
import { logLoss, softmax } from "../training/losses.js";
import { splitParameter } from "../training/split-parameter.js";

export default defineFamily({
  summary: "A real training: logistic regression on Fisher's irises, by gradient descent; epochs are the fidelity.",
  source: "Fisher 1936; the training is in the file",
  parameters: { split: splitParameter },
  build: ({ split: seed = 1 }) => {
    const split = splitDataset(irises(), { seed, share: 0.6 });
    return {
      space: {
        epochs: `fidelity(1, ${maxEpochs}, base=3)`,
        l2: "loguniform(1e-7, 1e-1)",
        lr: "loguniform(1e-5, 10)",
        momentum: "uniform(0, 0.99)",
      },
      evaluate: (params) => validationLoss(split, params as unknown as Setting),
      truth: (params) => validationLoss(split, { ...params, epochs: maxEpochs } as unknown as Setting),
      minimum: undefined,
      optima: [],
      cost: ({ epochs }) => (epochs as number) / maxEpochs,
    };
  },
});

const maxEpochs = 81;

interface Setting extends Step {
  readonly epochs: number;
}

function validationLoss({ train, validation }: Split, { epochs, ...step }: Setting): number {
  const layer = createLayer({ inputs: train.size, outputs: train.classCount, scale: 0 }, keyedRng("logistic"));
  const scores = new Float64Array(train.classCount);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let turn = 0; turn < train.labels.length; turn++) {
      const row = (turn * 37) % train.labels.length; // 37 shares no divisor with 90: each row once, in a mixed order
      const input = rowOf(train, row);
      predict(layer, input, scores);
      scores[train.labels[row]!]! -= 1; // gradient of the loss
      descend(layer, { input, gradient: scores }, step);
    }
  }
  let loss = 0;
  for (let row = 0; row < validation.labels.length; row++) {
    predict(layer, rowOf(validation, row), scores);
    loss += logLoss(scores[validation.labels[row]!]!) / validation.labels.length;
  }
  return loss;
}

function predict(layer: Layer, input: Float64Array, scores: Float64Array): void {
  forward(layer, input, scores);
  softmax(scores);
}

function rowOf({ features, size }: Dataset, row: number): Float64Array {
  return features.subarray(row * size, (row + 1) * size);
}
