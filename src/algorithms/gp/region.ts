import type { Observations } from "../observations.js";
import { type Axis, nearestLevel } from "./axes.js";
import { gatherRows } from "./choose-rows.js";
import { leastRows } from "./least-rows.js";
import type { Frame } from "./quadratic.js";

/** Where a Gaussian process looks for the next trial. */
export type Scope = "global" | "local";

/** A box of the unit cube. */
export interface Box {
  /** Shape (d). */
  readonly low: Float64Array;
  /** Shape (d), `low` ≤ `high`. */
  readonly high: Float64Array;
  /** With those levels of discrete coordinates that lie in the box, one or more of each. */
  readonly axes: readonly Axis[];
}

export function wholeCube(axes: readonly Axis[]): Box {
  return { low: new Float64Array(axes.length), high: new Float64Array(axes.length).fill(1), axes };
}

/** The frame of a quadratic function on the whole cube: it does not change with the history. */
export function wholeFrame(axes: readonly Axis[]): Frame {
  return {
    center: new Float64Array(axes.length).fill(0.5),
    reach: Float64Array.from(axes, ({ isCategory }) => (isCategory ? Number.POSITIVE_INFINITY : 0.5)),
  };
}

/** The same where some points lie: if they were spread evenly, from one end of them to the other. */
export function frameAround({ points, count, size }: Observations, axes: readonly Axis[]): Frame {
  const center = new Float64Array(size);
  for (let at = 0; at < count * size; at++) center[at % size]! += points[at]! / count;
  const variance = new Float64Array(size);
  for (let at = 0; at < count * size; at++) variance[at % size]! += (points[at]! - center[at % size]!) ** 2 / count;
  const reach = variance.map((square, k) =>
    axes[k]!.isCategory ? Number.POSITIVE_INFINITY : Math.max(Math.sqrt(3 * square), minReach),
  );
  return { center, reach };
}

/** Whether a point, shape (d), lies in the box. */
export function isWithin({ low, high }: Box, point: ArrayLike<number>): boolean {
  return low.every((bound, k) => point[k]! >= bound && point[k]! <= high[k]!);
}

/** What is known around the best trial. */
export interface Neighbourhood {
  readonly box: Box;
  /** The trials nearest to the best one, in the order in which they finished. */
  readonly observations: Observations;
}

/**
 * Trials of a local model for each coordinate, and as many more. It costs their cube. Fewer of these and of those that
 * the box reaches to were worse, and so were twice as many: docs/experiments.md has the figures.
 */
const modelledPerCoordinate = 8;
const mostModelled = 100;
/** Trials that the box reaches to, for each coordinate and as many more. */
const boxedPerCoordinate = 4;

/**
 * The surroundings of the best trial: a box around it that reaches as far as the trials nearest to it, and more of these,
 * for a model that need not be right elsewhere.
 *
 * Nobody has to keep the size of such a box. Where the search makes progress its trials come to lie closer together, so
 * that the box shrinks; a new best trial at its edge moves it, and makes it wider, because the others are farther away.
 * Trials as good as the best are not counted for its size: on a plateau it grows until it reaches beyond. Categories stay
 * those of the best trial.
 *
 * @param observations - With a finite objective among them.
 * @see Eriksson et al. 2019, "Scalable Global Optimization via Local Bayesian Optimization", https://arxiv.org/abs/1910.01739
 *   (boxes around the best trial), and Acerbi & Ma 2017, "Practical Bayesian Optimization for Model Fitting with Bayesian
 *   Adaptive Direct Search", https://arxiv.org/abs/1705.04405 (a model of the nearest trials)
 */
export function neighbourhoodOf(observations: Observations, axes: readonly Axis[]): Neighbourhood {
  const { objectives, count, size } = observations;
  let best = 0;
  for (let row = 1; row < count; row++) if (objectives[row]! < objectives[best]!) best = row;
  const distances = distancesTo(best, observations, axes);
  const worse = leastRows({
    count,
    limit: boxedPerCoordinate * (size + 1),
    keyOf: (row) => (objectives[row]! > objectives[best]! ? distances[row]! : Number.POSITIVE_INFINITY),
  }).filter((row) => objectives[row]! > objectives[best]!);
  const box = boxAround(best, worse, { observations, axes });
  const limit = Math.min(modelledPerCoordinate * (size + 1), mostModelled);
  const rows = leastRows({ count, limit, keyOf: (row) => distances[row]! }).sort();
  return { box, observations: chosenFrom(observations, rows) };
}

/** Squared; another category is as far as the other end of a coordinate. */
function distancesTo(best: number, { points, count, size }: Observations, axes: readonly Axis[]): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < size; k++) {
      const difference = points[row * size + k]! - points[best * size + k]!;
      sum += axes[k]!.isCategory ? Number(difference !== 0) : difference * difference;
    }
    return sum;
  });
}

interface Known {
  readonly observations: Observations;
  readonly axes: readonly Axis[];
}

/** A box narrower than the digits in which a space is written would hold nothing but points that were tried. */
const minReach = 1e-3;

function boxAround(best: number, rows: Int32Array, { observations: { points, size }, axes }: Known): Box {
  const low = new Float64Array(size);
  const high = new Float64Array(size);
  const within = axes.map((axis, k): Axis => {
    const center = points[best * size + k]!;
    let reach = minReach;
    if (!axis.isCategory) for (const row of rows) reach = Math.max(reach, Math.abs(points[row * size + k]! - center));
    const levels = axis.levels && levelsWithin(axis, center, reach);
    low[k] = levels?.[0] ?? Math.max(center - reach, 0);
    high[k] = levels?.at(-1) ?? Math.min(center + reach, 1);
    return { ...axis, levels };
  });
  return { low, high, axes: within };
}

/** Those of an integer as far as `reach`, and its neighbours in any case; of a category only its own. */
function levelsWithin({ levels, isCategory }: Axis, center: number, reach: number): Float64Array {
  const own = nearestLevel(levels!, center);
  const steps = isCategory ? 0 : 1;
  return levels!.filter((level, i) => Math.abs(i - own) <= steps || (!isCategory && Math.abs(level - center) <= reach));
}

function chosenFrom({ trials, points, objectives, size }: Observations, rows: Int32Array): Observations {
  return {
    trials: Array.from(rows, (row) => trials[row]!),
    count: rows.length,
    size,
    points: gatherRows(points, rows, size),
    objectives: gatherRows(objectives, rows, 1),
  };
}
