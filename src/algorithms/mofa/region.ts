/** The region of interest along one coordinate of the unit cube. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** A coordinate that does not matter stays in the middle of its interval. */
  readonly isFrozen: boolean;
}

export interface Analysis {
  readonly region: readonly Interval[];
  /** Levels of each coordinate. */
  readonly levels: number;
  /** Below this importance a coordinate is frozen. */
  readonly threshold: number;
  /** Shape (n × d), row-major in the unit cube. */
  readonly points: Float64Array;
  /** Shape (n), finite. */
  readonly objectives: Float64Array;
}

/**
 * The next region by factorial performance analysis: the mean objective of each level of each coordinate; the
 * importance of a coordinate is the variance of these means, as a share of their sum. A coordinate that matters shrinks
 * to its best level, one that does not is frozen. The first of equal levels is the best.
 *
 * Where no coordinate makes a difference, all are frozen.
 *
 * @see Xiong et al. 2020, "MOFA: Modular Factorial Design for Hyperparameter Optimization", §3, https://arxiv.org/abs/2011.09545
 */
export function nextRegion({ region, levels, threshold, points, objectives }: Analysis): readonly Interval[] {
  const size = region.length;
  const unit = unitOf(objectives);
  const effects = region.map((interval, k) => {
    const sums = new Float64Array(levels);
    const counts = new Float64Array(levels);
    for (let row = 0; row < objectives.length; row++) {
      const level = levelOf(interval, levels, points[row * size + k]!);
      if (level === undefined) continue;
      sums[level]! += objectives[row]! / unit;
      counts[level]!++;
    }
    const means = [...sums.keys()]
      .filter((level) => counts[level]! > 0)
      .map((level) => ({ level, mean: sums[level]! / counts[level]! }));
    return { variance: interval.isFrozen ? 0 : variance(means.map(({ mean }) => mean)), best: bestOf(means) };
  });
  const total = effects.reduce((sum, effect) => sum + effect.variance, 0);
  return region.map((interval, k) => {
    const { variance: own, best } = effects[k]!;
    if (interval.isFrozen || best === undefined || !(own / total >= threshold)) return { ...interval, isFrozen: true };
    const width = (interval.high - interval.low) / levels;
    return { low: interval.low + best * width, high: interval.low + (best + 1) * width, isFrozen: false };
  });
}

/**
 * A power of two as large as the objectives, about: divided by it, they keep their digits, and neither their sums nor their
 * squares leave the range of numbers.
 */
function unitOf(objectives: Float64Array): number {
  const largest = objectives.reduce((most, objective) => Math.max(most, Math.abs(objective)), 0);
  return largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
}

function levelOf({ low, high }: Interval, levels: number, x: number): number | undefined {
  if (x < low || x > high) return undefined;
  return Math.min(Math.floor(((x - low) / (high - low)) * levels), levels - 1);
}

interface LevelMean {
  readonly level: number;
  readonly mean: number;
}

function bestOf(means: readonly LevelMean[]): number | undefined {
  return means.length === 0 ? undefined : means.reduce((best, other) => (other.mean < best.mean ? other : best)).level;
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
}
