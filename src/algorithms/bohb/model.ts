import type { Params } from "../../space/dimension.js";
import { fromUnit, unitSize } from "../../space/unit-cube.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { fidelityOf } from "../multi-fidelity/fidelity.js";
import { rankOf } from "../multi-fidelity/ranked-trials.js";
import { type Observations, observationsOf, pendingPoints } from "../observations.js";
import { readParallelStrategy } from "../parallel-strategy.js";
import { remember } from "../remember.js";
import { axesOf } from "../tpe/axes.js";
import { bandwidthsOf } from "../tpe/bandwidths.js";
import { bestFirst } from "../tpe/best-first.js";
import { kernelDensity } from "../tpe/kernel-density.js";
import type { Ranking } from "../tpe/rank-rows.js";
import { rankWithLies } from "../tpe/rank-with-lies.js";
import { type Split, splitRows } from "../tpe/split-rows.js";

export interface ModelOptions {
  /** Trials of one fidelity that a density needs; `null` for one more than there are dimensions. */
  readonly min_points_in_model: number | null;
  /** The share of the trials of a fidelity that count as good, in percent. */
  readonly top_n_percent: number;
  /** Candidates drawn from the density of the good trials. */
  readonly num_samples: number;
  /** Candidates are drawn from kernels that are so many times wider, to explore. */
  readonly bandwidth_factor: number;
  /** As narrow as kernels may become, in the unit cube. */
  readonly min_bandwidth: number;
  /** See `readParallelStrategy`. `null`: broken trials are the worst, pending ones are bad. */
  readonly parallel_strategy: unknown;
}

type Context = Pick<SuggestContext<ModelOptions>, "space" | "options" | "history" | "pending" | "rng" | "cache">;

/** Kernels of each density at most, whatever the length of the history. */
const mostKernels = 1000;

/**
 * Configurations drawn from the density l(x) of the good trials, those with the largest l(x) / g(x) first. Only the
 * trials of one fidelity are compared: the highest that has enough of them. None when no fidelity has.
 *
 * Departure from the paper: the fidelity is above the one that the trial starts at. What a rung says, halving will hear
 * from the trial itself; a model of it would fill the bracket with more of what learns fast at first. What that gained
 * is in docs/experiments.md.
 *
 * The densities are those of `tpe`, with the prior as one more kernel, where the paper's have none.
 *
 * @param start - The fidelity at which the configuration will start.
 * @see Falkner et al. 2018, "BOHB", algorithm 2, https://arxiv.org/abs/1807.01774
 */
export function* modelProposals(context: Context, start: number): Generator<Params, void> {
  const { space, options, rng, cache } = context;
  const observations = observationsOf(context);
  const split = splitHighest(context, { observations, start });
  if (split === undefined) return;
  const axes = remember(cache, { name: "axes", make: () => axesOf(space) });
  const later = pendingPoints(context);
  const density = (rows: Int32Array, width: number) => {
    const centers = gather(rows, observations, later);
    const bandwidths = bandwidthsOf({ axes, centers, factor: 1, priorWeight: 1, minimum: options.min_bandwidth });
    const wide = bandwidths.map((bandwidth) => width * bandwidth);
    return kernelDensity({
      axes,
      centers,
      weights: new Float64Array(rows.length).fill(1),
      bandwidths: wide,
      priorWeight: 1,
    });
  };
  const source = density(split.below, options.bandwidth_factor);
  const [l, g] = [density(split.below, 1), density(split.above, 1)];
  const candidates = Array.from({ length: options.num_samples }, () => {
    const point = new Float64Array(axes.length);
    source.sample(rng, point);
    return { point, logL: l.logDensity(point) };
  });
  for (const point of bestFirst(candidates, g)) yield fromUnit(space, point);
}

/** Good and bad rows of the highest fidelity that has enough trials; pending ones are rows after the finished ones. */
function splitHighest(
  context: Context,
  { observations, start }: { readonly observations: Observations; readonly start: number },
): Split | undefined {
  const { space, options, history, pending } = context;
  const { name, high } = fidelityOf(space);
  const fewest = options.min_points_in_model ?? unitSize(space) + 1;
  const levels = levelsOf(context);
  for (const resource of [...levels.keys()].sort((a, b) => b - a)) {
    if (resource <= start && resource < high) return undefined;
    const level = levels.get(resource)!;
    if (level.rows.length < fewest + 2) continue;
    const pendingRows = [...pending.keys()]
      .filter((at) => pending[at]!.params[name] === resource)
      .map((at) => history.length + at);
    const { ranking, extra } = rank({ options, pending, observations, level, pendingRows });
    const { length } = ranking.rows;
    if (ranking.finiteCount < fewest || length < fewest + 2) continue;
    const gamma = Math.max(fewest / length, options.top_n_percent / 100);
    const maxBelow = Math.min(length - 1, mostKernels);
    return splitRows(ranking, extra, { gamma, maxBelow, maxAbove: mostKernels });
  }
  return undefined;
}

/** The trials of one fidelity. */
interface Level {
  /** Rows of the history, best first; ties in the order of arrival, and what has no finite value last. */
  readonly rows: number[];
  readonly values: number[];
  finiteCount: number;
}

function levelsOf(context: Pick<Context, "space" | "history" | "cache">): ReadonlyMap<number, Level> {
  const { name } = fidelityOf(context.space);
  return foldHistory(context, {
    name: "bohb levels",
    make: () => new Map<number, Level>(),
    add: (levels, trial, row) => {
      const resource = trial.params[name] as number;
      const level = levels.get(resource) ?? { rows: [], values: [], finiteCount: 0 };
      levels.set(resource, level);
      insertRow(level, row, trial.status === "completed" ? rankOf(trial) : Number.POSITIVE_INFINITY);
    },
  });
}

/** Behind all that are as good. */
function insertRow(level: Level, row: number, value: number): void {
  let [low, high] = [0, level.rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (level.values[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  level.rows.splice(low, 0, row);
  level.values.splice(low, 0, value);
  if (value < Number.POSITIVE_INFINITY) level.finiteCount++;
}

interface Ranked {
  readonly options: ModelOptions;
  readonly pending: readonly Trial[];
  readonly observations: Observations;
  readonly level: Level;
  readonly pendingRows: readonly number[];
}

function rank({ options, pending, observations, level, pendingRows }: Ranked): {
  readonly ranking: Ranking;
  readonly extra: readonly number[];
} {
  const { objectives, trials, count } = observations;
  const ranking: Ranking = { rows: Int32Array.from(level.rows), finiteCount: level.finiteCount };
  if (options.parallel_strategy === null) return { ranking, extra: pendingRows };
  const rows = level.rows.toSorted((a, b) => a - b);
  // the lies are among the trials of this fidelity alone, so rows are numbered anew, and back
  const all = [...rows, ...pendingRows];
  const positions = new Map(all.map((row, position) => [row, position]));
  const lied = rankWithLies({
    observations: {
      trials: rows.map((row) => trials[row]!),
      objectives: Float64Array.from(rows, (row) => objectives[row]!),
    },
    ranking: { ...ranking, rows: ranking.rows.map((row) => positions.get(row)!) },
    pending: pendingRows.map((row) => pending[row - count]!),
    strategy: readParallelStrategy(options.parallel_strategy, "bohb: parallel_strategy"),
  });
  return { ranking: { ...lied, rows: lied.rows.map((position) => all[position]!) }, extra: [] };
}

/** Shape (K × d): the points of some rows, of which those after the observations are pending. */
function gather(rows: Int32Array, { points, size, count }: Observations, later: Float64Array): Float64Array {
  const gathered = new Float64Array(rows.length * size);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    const [source, at] = row < count ? [points, row * size] : [later, (row - count) * size];
    gathered.set(source.subarray(at, at + size), k * size);
  }
  return gathered;
}
