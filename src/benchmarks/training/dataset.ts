import { keyedRng } from "../../math/rng.js";

/** Examples of a classification. */
export interface Dataset {
  /** Shape (n × size), row-major. */
  readonly features: Float64Array;
  /** 0 … classCount − 1, shape (n). */
  readonly labels: Uint8Array;
  readonly size: number;
  readonly classCount: number;
}

export interface Split {
  readonly train: Dataset;
  readonly validation: Dataset;
}

/**
 * Shuffle and split, with every feature scaled to mean 0 and deviation 1 on the part for training.
 *
 * @param options.share - Of the examples that are for training, in (0, 1).
 */
export function splitDataset(dataset: Dataset, { seed, share }: { seed: number; share: number }): Split {
  const count = dataset.labels.length;
  const rng = keyedRng("split", seed);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = rng.below(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  const border = Math.round(share * count);
  const train = pick(dataset, order.slice(0, border));
  const validation = pick(dataset, order.slice(border));
  standardise(train, validation);
  return { train, validation };
}

function pick({ features, labels, size, classCount }: Dataset, rows: readonly number[]): Dataset {
  const chosen = new Float64Array(rows.length * size);
  for (const [at, row] of rows.entries()) chosen.set(features.subarray(row * size, (row + 1) * size), at * size);
  return { features: chosen, labels: Uint8Array.from(rows, (row) => labels[row]!), size, classCount };
}

function standardise(train: Dataset, validation: Dataset): void {
  const { size } = train;
  const count = train.labels.length;
  for (let i = 0; i < size; i++) {
    let mean = 0;
    for (let row = 0; row < count; row++) mean += train.features[row * size + i]! / count;
    let variance = 0;
    for (let row = 0; row < count; row++) variance += (train.features[row * size + i]! - mean) ** 2 / count;
    const deviation = Math.sqrt(variance) || 1; // a constant feature stays 0
    for (const { features, labels } of [train, validation]) {
      for (let row = 0; row < labels.length; row++) {
        features[row * size + i] = (features[row * size + i]! - mean) / deviation;
      }
    }
  }
}
