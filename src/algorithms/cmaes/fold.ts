import { keyedRng } from "../../math/rng.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { type Observations, observationsOf } from "../observations.js";
import { remember } from "../remember.js";
import { firstRestartState, isSpent, nextRun, type RestartState, type RestartStrategy } from "./restarts.js";
import { learn, type Result, type Run, startRun } from "./run.js";
import { type SearchModel, searchModelOf } from "./search-model.js";
import { defaultPopulationSize } from "./strategy.js";
import { warmStart } from "./warm-start.js";

export interface CmaOptions {
  /** σ₀, in the unit cube. */
  readonly sigma0: number;
  /** λ, `null` for 4 + ⌊3 ln d⌋. */
  readonly popsize: number | null;
  readonly restart_strategy: RestartStrategy;
  /** By how much a population grows at a restart. */
  readonly inc_popsize: number;
}

/** What a history comes down to. */
export interface CmaState {
  readonly run: Run;
  /** Number of the generation that is being filled, through all runs; new trials are labelled with it. */
  readonly generation: number;
}

type Inputs = Pick<SuggestContext<CmaOptions>, "space" | "options" | "seed" | "history" | "cache">;

/**
 * The state of CMA-ES after a history: a fold over its trials in the order in which they finished, so every worker that
 * has seen the same ones has the same distribution. Only what is new is folded in.
 *
 * - Trials before the first one of CMA-ES are its warm start.
 * - Each λ results make a generation. Trials drawn from an older distribution of the same run, which came late because
 *   workers run side by side, count like the others, but are injected: no evaluation is wasted.
 * - Trials of somebody else take part if they are better than everything that the run has found.
 * - Broken trials, and objectives that are not finite, share the last place.
 */
export function stateAfter({ space, options, seed, history, cache }: Inputs): CmaState {
  const model = remember(cache, { name: "cmaes model", make: () => searchModelOf(space) });
  const observations = observationsOf({ space, history, cache });
  const key = `cmaes ${JSON.stringify([options.sigma0, options.popsize, options.restart_strategy, options.inc_popsize])}`;
  const fold = foldHistory(
    { history, cache },
    {
      name: key,
      make: () => startFold({ model, options, seed }),
      add: (state, trial, row) => take(state, { trial, row, observations }),
    },
  );
  return { run: fold.run ?? runToCome(fold, observations), generation: fold.generation };
}

/**
 * The run as it would begin now, for trials that are drawn before one of them has a result.
 *
 * It is that of all the earlier results but the latest twentieth part: made anew for each of them, it would be what a
 * suggestion costs.
 */
function runToCome(fold: Fold, observations: Observations): Run {
  const count = dueCount(fold.earlier.length);
  if (fold.toCome?.count !== count) fold.toCome = { count, run: firstRun(fold, observations, count) };
  return fold.toCome.run;
}

/** The last of 0, 1, 2 … 20, 21, 22 … 40, 42 … that is at most `count`: each a twentieth part more than the one before. */
function dueCount(count: number): number {
  let due = Math.min(count, 20);
  for (let next = due; next <= count; next += Math.max(1, Math.floor(next / 20))) due = next;
  return due;
}

interface Fold {
  readonly model: SearchModel;
  readonly options: CmaOptions;
  readonly seed: string;
  readonly restarts: RestartState;
  /** Rows of the finite results before the first one of CMA-ES, in the order of arrival. */
  readonly earlier: number[];
  /** What a run would begin with after the first `count` of them. */
  toCome: { readonly count: number; readonly run: Run } | undefined;
  /** Results of the generation so far. */
  results: Result[];
  /** `undefined` until a trial of CMA-ES has finished. */
  run: Run | undefined;
  generation: number;
  /** The first generation of the run. */
  firstGeneration: number;
}

function startFold({ model, options, seed }: Pick<Fold, "model" | "options" | "seed">): Fold {
  const populationSize = options.popsize ?? defaultPopulationSize(model.size);
  return {
    model,
    options,
    seed,
    restarts: firstRestartState(populationSize),
    earlier: [],
    toCome: undefined,
    results: [],
    run: undefined,
    generation: 0,
    firstGeneration: 0,
  };
}

interface Finished {
  readonly trial: Trial;
  /** Of the trial among the observations. */
  readonly row: number;
  readonly observations: Observations;
}

/** Fold in the next trial. */
function take(fold: Fold, { trial, row, observations }: Finished): void {
  const { points, objectives, size } = observations;
  const objective = objectives[row]!;
  const label = labelOf(trial);
  if (fold.run === undefined) {
    if (label === undefined) {
      if (Number.isFinite(objective)) fold.earlier.push(row);
      return;
    }
    fold.run = firstRun(fold, observations, fold.earlier.length);
    fold.toCome = undefined;
  }
  if (label === undefined ? !(objective < fold.run.best) : label < fold.firstGeneration) return;
  const point = points.slice(row * size, (row + 1) * size);
  fold.results.push({ point, objective, id: trial.id, isFresh: label === fold.generation });
  if (fold.results.length < fold.run.strategy.populationSize) return;
  learn(fold.run, fold.model, { results: fold.results, seed: fold.seed });
  fold.results = [];
  fold.generation++;
  if (isSpent(fold.run, fold.restarts)) restart(fold, fold.run);
}

/** The generation that a trial was drawn from; `undefined` for a trial that CMA-ES did not make. */
function labelOf({ facts }: Trial): number | undefined {
  return facts.algorithm === "cmaes" && typeof facts.generation === "number" ? facts.generation : undefined;
}

/** A run that begins with the first `count` earlier results. */
function firstRun(
  { model, options, earlier, restarts }: Fold,
  { points, objectives }: Observations,
  count: number,
): Run {
  const { sigma0: stepSize } = options;
  const populationSize = restarts.firstPopulation;
  const ranked = Int32Array.from(earlier.slice(0, count)).sort((a, b) => objectives[a]! - objectives[b]! || a - b);
  const warm = warmStart(model, { points, ranked, stepSize });
  if (warm !== undefined) return startRun(model, { populationSize, ...warm });
  const best = ranked[0];
  const mean = Float64Array.from(model.numeric, (at) => (best === undefined ? 0.5 : points[best * model.size + at]!));
  return startRun(model, { populationSize, mean, stepSize });
}

function restart(fold: Fold, run: Run): void {
  const { model, options, seed, restarts } = fold;
  const { restart_strategy: strategy, inc_popsize: factor, sigma0 } = options;
  const { populationSize, stepFactor } = nextRun(restarts, { run, strategy, factor, seed });
  const rng = keyedRng(seed, "cmaes restart", restarts.count);
  const mean = Float64Array.from(model.numeric, () => rng.next());
  fold.run = startRun(model, { populationSize, mean, stepSize: sigma0 * stepFactor });
  fold.firstGeneration = fold.generation;
}
