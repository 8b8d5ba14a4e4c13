import { maxSobolDimensions, scrambledSobol } from "../../math/sobol.js";
import type { Params } from "../../space/dimension.js";
import { fromUnit, unitSize } from "../../space/unit-cube.js";
import { defineAlgorithm, type SuggestContext } from "../algorithm.js";
import { type Observations, observationsOf, pendingPoints } from "../observations.js";
import { readParallelStrategy } from "../parallel-strategy.js";
import { remember } from "../remember.js";
import { suggestUntried } from "../untried.js";
import { axesOf } from "./axes.js";
import { checkTpeOptions, defaultTpeOptions, type TpeOptions } from "./options.js";
import { proposeApart, proposeJointly, type Side } from "./propose.js";
import { rankRows } from "./rank-rows.js";
import { rankWithLies } from "./rank-with-lies.js";
import { recencyWeights } from "./recency-weights.js";
import { type Split, splitRows } from "./split-rows.js";

type Context = SuggestContext<TpeOptions>;

/** Kernels of l(x) and of g(x) at most, whatever the length of the history. */
const maxBelow = 25;
const maxAbove = 1000;

/**
 * Two densities instead of a model of the objective: l(x) of the best trials and g(x) of the others, and the next trial
 * where l(x) / g(x) is large.
 */
export default defineAlgorithm<TpeOptions>({
  summary: "Tree-structured Parzen estimator: samples where good trials are denser than the others.",
  paper: "Bergstra et al. 2011, https://papers.nips.cc/paper/4443; Watanabe 2023, https://arxiv.org/abs/2304.11127",
  requires: {},
  defaults: defaultTpeOptions,
  basis: "history",
  check: checkTpeOptions,
  suggest: (context) => {
    const observations = observationsOf(context);
    const split = splitHistory(context, observations);
    const isStarting = observations.count < context.options.n_initial_points || split.below.length === 0;
    return suggestUntried(context, isStarting ? startingPoint(context) : modelPoints(context, { observations, split }));
  },
});

/** A Sobol sequence by trial number, so that workers that start together spread out. */
function startingPoint({ space, seed, trialNumber, attempt, cache }: Context): readonly Params[] {
  const size = unitSize(space);
  // Somebody has the point by now, or it never was one: what follows is drawn from the prior.
  if (attempt > 0 || size > maxSobolDimensions) return [];
  const point = remember(cache, { name: "sobol", make: () => scrambledSobol(size, seed) });
  return [fromUnit(space, point(trialNumber - 1))];
}

/** Pending trials come as rows after the finished ones. */
function splitHistory({ options, pending, cache }: Context, observations: Observations): Split {
  const { gamma, parallel_strategy: configuration } = options;
  const limits = { gamma, maxBelow, maxAbove };
  const ranking = rankRows(observations, cache);
  if (configuration !== null) {
    const strategy = readParallelStrategy(configuration, "tpe: parallel_strategy");
    return splitRows(rankWithLies({ observations, ranking, pending, strategy }), [], limits);
  }
  // Of a pending trial nothing is known. As a bad one of little weight it keeps other workers from its very point, and
  // praises no region for a result that nobody has seen.
  const pendingRows = Array.from(pending, (_, index) => observations.count + index);
  return splitRows(ranking, pendingRows, limits);
}

/**
 * What a pending trial weighs in g(x) beside a bad one.
 *
 * It was drawn from l(x), so it lies where good trials are. As bad as others it would drive everybody out of that region
 * just while it is explored; left out, hundreds of workers would crowd into one spot. Eight cannot tell 0.03 from 0.3,
 * see docs/experiments.md.
 */
const pendingWeight = 0.1;

interface Knowledge {
  readonly observations: Observations;
  readonly split: Split;
}

function* modelPoints(context: Context, { observations, split }: Knowledge): Generator<Params, void> {
  const { space, options, rng, cache } = context;
  const later = pendingPoints(context);
  const propose = options.multivariate ? proposeJointly : proposeApart;
  const points = propose({
    axes: remember(cache, { name: "axes", make: () => axesOf(space) }),
    below: sideOf(split.below, {
      options,
      observations,
      later,
      evidence: evidenceOf(split.below, { options, observations }),
    }),
    above: sideOf(split.above, { options, observations, later }),
    priorWeight: options.prior_weight,
    candidateCount: options.n_ei_candidates,
    rng,
  });
  for (let retry = 0; retry <= options.max_retry; retry++) yield fromUnit(space, points.next().value);
}

/**
 * How many results the good trials stand for. Those that were left out for their number count. Equal results count as
 * one: on a plateau they say nothing of where it goes down, and a density that narrows around them does not leave it.
 */
function evidenceOf(rows: Int32Array, { options, observations }: Pick<SideSource, "options" | "observations">): number {
  const { count, objectives } = observations;
  const values = new Set(Array.from(rows, (row) => (row < count ? objectives[row]! : `lie ${row}`)));
  return Math.max(options.gamma * count, rows.length) * (values.size / rows.length);
}

interface SideSource {
  readonly options: TpeOptions;
  readonly observations: Observations;
  /** Shape (m × d): points of the rows after the observations. */
  readonly later: Float64Array;
  /** How many results the rows stand for, if not for themselves. */
  readonly evidence?: number;
}

function sideOf(rows: Int32Array, { options, observations, later, evidence }: SideSource): Side {
  const { size, count, points } = observations;
  const gathered = new Float64Array(rows.length * size);
  for (let k = 0, to = 0; k < rows.length; k++) {
    const row = rows[k]!;
    const source = row < count ? points : later;
    const from = (row < count ? row : row - count) * size;
    for (let j = 0; j < size; j++) gathered[to++] = source[from + j]!;
  }
  // Pending trials are no evidence of where good or bad ones lie: were they to count in the bandwidths of g(x), eight at
  // one point would narrow them, until l(x) / g(x) is largest where nothing was ever tried.
  // A lie counts like a result: whoever asked for it knows what it is worth
  let knownCount = rows.length;
  if (options.parallel_strategy === null) while (knownCount > 0 && rows[knownCount - 1]! >= count) knownCount--;
  const weights = new Float64Array(rows.length).fill(pendingWeight);
  weights.set(recencyWeights(knownCount, options.equal_weight ? knownCount : options.full_weight_num));
  return { points: gathered, weights, knownCount, evidence: evidence ?? knownCount };
}
