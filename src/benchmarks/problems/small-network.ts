import { keyedRng } from "../../math/rng.js";
import { defineFamily } from "../problem.js";
import { type Dataset, type Split, splitDataset } from "../training/dataset.js";
import { digitPictures } from "../training/digits.js";
import { backward, createLayer, descend, forward, type Layer } from "../training/layer.js";
import { logLoss, softmax } from "../training/losses.js";
import { splitParameter } from "../training/split-parameter.js";

export default defineFamily({
  summary: "A real training: a network with one hidden layer on pictures of digits; epochs are the fidelity.",
  source: "Rumelhart, Hinton & Williams 1986, https://doi.org/10.1038/323533a0; the training is in the file",
  parameters: { split: splitParameter },
  build: ({ split: seed = 1 }) => {
    const split = splitDataset(digitPictures(300, seed), { seed, share: 0.7 });
    return {
      space: {
        activation: "choices(['relu', 'tanh'])",
        epochs: `fidelity(1, ${maxEpochs}, base=3)`,
        init: "loguniform(0.01, 10)",
        l2: "loguniform(1e-6, 1e-1)",
        lr: "loguniform(1e-5, 1)",
        momentum: "uniform(0, 0.95)",
        width: "loguniform(2, 32, discrete=True)",
      },
      evaluate: (params) => validationLoss(split, params as unknown as Setting),
      truth: (params) => validationLoss(split, { ...params, epochs: maxEpochs } as unknown as Setting),
      minimum: undefined,
      optima: [],
      cost: ({ epochs, width }) => ((epochs as number) / maxEpochs) * ((8 + (width as number)) / 40),
    };
  },
});

const maxEpochs = 9;

interface Setting {
  readonly activation: keyof typeof activations;
  readonly epochs: number;
  /** Times the usual deviation of the first weights. */
  readonly init: number;
  readonly l2: number;
  readonly lr: number;
  readonly momentum: number;
  readonly width: number;
}

/** The function, and its slope told from its value. */
const activations = {
  relu: { value: (x: number) => Math.max(x, 0), slope: (y: number) => (y > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (y: number) => 1 - y * y },
} as const;

interface Network {
  readonly first: Layer;
  readonly second: Layer;
  readonly hidden: Float64Array;
  readonly scores: Float64Array;
  readonly activation: (typeof activations)[keyof typeof activations];
}

function validationLoss({ train, validation }: Split, setting: Setting): number {
  const network = createNetwork(train, setting);
  for (let epoch = 0; epoch < setting.epochs; epoch++) trainOnce(network, train, setting);
  let loss = 0;
  for (let row = 0; row < validation.labels.length; row++) {
    predict(network, rowOf(validation, row));
    loss += logLoss(network.scores[validation.labels[row]!]!) / validation.labels.length;
  }
  return loss;
}

function createNetwork({ size, classCount }: Dataset, { width, init, activation }: Setting): Network {
  const rng = keyedRng("network");
  return {
    first: createLayer({ inputs: size, outputs: width, scale: init }, rng),
    second: createLayer({ inputs: width, outputs: classCount, scale: init }, rng),
    hidden: new Float64Array(width),
    scores: new Float64Array(classCount),
    activation: activations[activation],
  };
}

function trainOnce(network: Network, train: Dataset, step: Setting): void {
  const { first, second, hidden, scores, activation } = network;
  const back = new Float64Array(hidden.length);
  for (let turn = 0; turn < train.labels.length; turn++) {
    const row = (turn * 37) % train.labels.length; // 37 shares no divisor with 210
    const input = rowOf(train, row);
    predict(network, input);
    scores[train.labels[row]!]! -= 1; // gradient of the loss
    backward(second, scores, back);
    for (let i = 0; i < back.length; i++) back[i]! *= activation.slope(hidden[i]!);
    descend(second, { input: hidden, gradient: scores }, step);
    descend(first, { input, gradient: back }, step);
  }
}

function predict({ first, second, hidden, scores, activation }: Network, input: Float64Array): void {
  forward(first, input, hidden);
  for (let i = 0; i < hidden.length; i++) hidden[i] = activation.value(hidden[i]!);
  forward(second, hidden, scores);
  softmax(scores);
}

function rowOf({ features, size }: Dataset, row: number): Float64Array {
  return features.subarray(row * size, (row + 1) * size);
}
