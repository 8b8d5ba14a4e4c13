import { NumericalError, UsageError } from "../../errors.js";
import { maxSobolDimensions, scrambledSobol } from "../../math/sobol.js";
import type { Params, Space } from "../../space/dimension.js";
import { fromUnit, toUnit, unitSize } from "../../space/unit-cube.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "../algorithm.js";
import { lastNumber } from "../last-number.js";
import { type Observations, observationsOf } from "../observations.js";
import { checkOptions, oneOf, orNull, wholeNumber } from "../option-rules.js";
import { suggestUntried } from "../untried.js";
import { logExpectedImprovement } from "./acquisition.js";
import { rememberAxes } from "./axes.js";
import { type Model, modelOf, type TargetChoice } from "./model.js";
import { appendPoints, copyRegression, type Posterior, posteriorOf, type Regression } from "./posterior.js";
import { type Box, frameAround, isWithin, neighbourhoodOf, type Scope, wholeCube, wholeFrame } from "./region.js";
import { fitAt, fitToAll } from "./schedule.js";
import { type Candidate, searchCandidates } from "./search.js";
import { startingPoint } from "./start.js";

interface GpOptions {
  /** Trials before the model is asked; `null` for two more than there are coordinates, 6 … 12. */
  readonly n_initial_points: number | null;
  /** What the model is made of: the objectives after one of the transforms, or after the `likely` one. */
  readonly targets: TargetChoice;
  /** Where it looks: `global`, everywhere, or `local`, around the best trial, by a model of the trials there. */
  readonly scope: Scope;
}

type Context = SuggestContext<GpOptions>;

/**
 * Each suggestion is the point with the highest expected improvement upon the best one known, as a Gaussian process sees
 * it that was fitted to the history.
 *
 * Workers that ask at once must not get one answer. Trials under evaluation take part with their posterior means as
 * results: that changes no mean, and makes their surroundings known. An improvement is one upon those means too, see
 * `bestMean`. Trials that other workers are about to fill in (their numbers lie between the last one known and this one)
 * are guessed, and treated alike. The hyperparameters are fitted to results alone.
 */
export default defineAlgorithm<GpOptions>({
  summary: "Bayesian optimisation: a Gaussian process with the expected improvement, for few and costly trials.",
  paper:
    "Jones et al. 1998, https://doi.org/10.1023/A:1008306431147; Ament et al. 2023, https://arxiv.org/abs/2310.20708",
  requires: {},
  defaults: { n_initial_points: null, targets: "likely", scope: "global" },
  basis: "history",
  check: (options, space) => {
    checkOptions("gp", options, rules);
    refuseTooManyDimensions(space);
  },
  suggest: (context) => {
    const observations = observationsOf(context);
    const isStart = needsMore(context, observations);
    const proposals = isStart ? [startingPoint(context)] : modelProposals(context, observations);
    return withSource(context, proposals, isStart ? "start" : "model");
  },
});

const rules = {
  n_initial_points: orNull(wholeNumber(1)),
  targets: oneOf(["likely", "plain", "softened", "power", "ranks"]),
  scope: oneOf(["global", "local"]),
};

function refuseTooManyDimensions(space: Space): void {
  const size = unitSize(space);
  if (size <= maxSobolDimensions) return;
  throw new UsageError(
    `gp: the space has ${size} dimensions, its lists counted by element, and a Gaussian process learns nothing in more than ${maxSobolDimensions}.`,
    "Use `algorithm: random`.",
  );
}

/** Whether a model would know too little: by the trial's number, and later while results are slow to come. */
function needsMore({ space, options, trialNumber }: Context, { objectives, count }: Observations): boolean {
  const wanted = options.n_initial_points ?? Math.min(Math.max(unitSize(space) + 2, 6), 12);
  if (trialNumber <= wanted) return true;
  let known = 0;
  for (let row = 0; row < count; row++) if (Number.isFinite(objectives[row]!)) known++;
  return known < wanted / 2;
}

/** The suggestion, with the fact of where it came from: the start, the model, or chance when they had nothing new. */
function withSource(context: Context, proposals: Iterable<Params>, source: "start" | "model"): Suggestion {
  const proposed = new Set<Params>();
  const suggestion = suggestUntried(context, recorded(proposals, proposed));
  if (suggestion.kind !== "params") return suggestion;
  return { ...suggestion, facts: { from: proposed.has(suggestion.params) ? source : "random" } };
}

function* recorded(proposals: Iterable<Params>, into: Set<Params>): Generator<Params, void> {
  for (const params of proposals) {
    into.add(params);
    yield params;
  }
}

/** Best first; none when the model cannot be computed. */
function* modelProposals(context: Context, observations: Observations): Generator<Params, void> {
  try {
    for (const { point } of candidatesOf(knowledgeOf(context, observations), context)) {
      yield fromUnit(context.space, point);
    }
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
  }
}

/** A model, and where it is asked. */
interface Knowledge {
  readonly model: Model;
  readonly box: Box;
}

function knowledgeOf({ space, options, cache }: Context, observations: Observations): Knowledge {
  const axes = rememberAxes(space, cache);
  const { targets, scope } = options;
  if (scope === "global") {
    const fit = fitAt(observations.count);
    return {
      model: modelOf({ axes, frame: wholeFrame(axes), observations, targets, fit, cache }),
      box: wholeCube(axes),
    };
  }
  // Whoever is near changes with the best trial, so there is nothing to be kept for the next model.
  const { box, observations: near } = neighbourhoodOf(observations, axes);
  const frame = frameAround(near, axes);
  const fit = fitToAll(near.count);
  return { model: modelOf({ axes, frame, observations: near, targets, fit, cache: new Map() }), box };
}

function candidatesOf(knowledge: Knowledge, context: Context): readonly Candidate[] {
  const regression = copyRegression(knowledge.model.regression);
  for (const point of latestPending(knowledge.box, context)) appendPoints(regression, point, 1);
  for (let guess = unseenCount(context); guess > 0; guess--) {
    appendPoints(regression, searchWith(knowledge, regression, context)[0]!.point, 1);
  }
  return searchWith(knowledge, regression, context);
}

/** The points of trials under evaluation that lie in a box, in their order. */
function latestPending(box: Box, { space, pending }: Context): readonly Float64Array[] {
  const latest: Float64Array[] = [];
  for (let at = pending.length - 1; at >= 0 && latest.length < maxPending; at--) {
    const point = toUnit(space, pending[at]!.params);
    if (isWithin(box, point)) latest.push(point);
  }
  return latest.reverse();
}

/** Of more trials under evaluation than this the latest count. */
const maxPending = 100;
/** Trials of others that are guessed at most: each costs a search. */
const maxUnseen = 3;

/** How many trials have been begun after the last one known and before this one. */
function unseenCount(context: Context): number {
  return Math.min(Math.max(context.trialNumber - 1 - lastNumber(context), 0), maxUnseen);
}

function searchWith({ model, box }: Knowledge, regression: Regression, context: Context): readonly Candidate[] {
  const { seed, trialNumber, attempt, rng } = context;
  const posterior = posteriorOf(regression, model.alpha);
  const acquisition = logExpectedImprovement({
    posterior,
    best: bestMean(model, regression, posterior),
    size: regression.size,
    curiosity: regression.count > model.alpha.length ? curiosityInCompany : 1,
  });
  const spread = scrambledSobol(regression.size, seed, "gp", trialNumber, attempt);
  const spreadCount = Math.min(Math.max(Math.floor(maxSpreadWork / regression.count ** 2), 128), 512);
  return searchCandidates({ ...model, ...box, acquisition, spread, spreadCount, rng });
}

/**
 * Beside trials under evaluation a deviation counts half.
 *
 * They make their surroundings known, as far as the model is concerned, so what is left to improve lies far away from
 * what is good, and most of a crowd would explore. But what a search still finds, it mostly finds close to its best.
 * On 14 problems eight workers lost 1.8 times the regret of one, and 2.6 times with deviations that count in full; with
 * pending results drawn at random, or deviations that count double, far more. docs/experiments.md has the figures.
 *
 * @see De Ath et al. 2020, "ε-shotgun: ε-greedy Batch Bayesian Optimisation", https://arxiv.org/abs/2002.01873
 */
const curiosityInCompany = 0.5;

/**
 * The least posterior mean at a point that was tried or is being tried.
 *
 * Where the model expects the minimum, its mean is below that of every observed point. Once somebody evaluates that
 * point, whoever counts improvements upon observed points alone still finds as much of it there, however small the
 * variance has become, and all workers crowd into one spot.
 *
 * @see Ginsbourger et al. 2010, "Kriging is well-suited to parallelize optimization", §3.1 (kriging believer), https://doi.org/10.1007/978-3-642-10701-6_6
 */
function bestMean({ best, alpha }: Model, { points, size, count }: Regression, posterior: Posterior): number {
  const moments = new Float64Array(8);
  let least = best;
  for (let row = alpha.length; row < count; row++) {
    posterior.predictFour([points.subarray(row * size, (row + 1) * size)], moments);
    least = Math.min(least, moments[0]!);
  }
  return least;
}

/** Spread points that are looked at, times the square of the observations: about twice their multiplications. */
const maxSpreadWork = 2e7;
