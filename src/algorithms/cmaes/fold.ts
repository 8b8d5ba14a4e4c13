import { keyedRng } from "../../math/rng.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { type Observations, observationsOf } from "../observations.js";
import { remember } from "../remember.js";
import { firstRestartState, isSpent, nextRun, type RestartState, type RestartStrategy } from "./restarts.js";
import { learn, type Result, type Run, startRun } from "./run.js";
import { type SearchModel, searchModelOf } from "./search-model.js";
import { defaultPopulationSize } from "./strategy.js";
import { type EarlierResult, warmStart } from "./warm-start.js";

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
  let fold = cache.get(key) as Fold | undefined;
  const isExtension = fold !== undefined && fold.position <= history.length && fold.last === history[fold.position - 1];
  if (fold === undefined || !isExtension) {
    fold = startFold({ model, options, seed });
    cache.set(key, fold);
  }
  while (fold.position < history.length) take(fold, observations);
  const run = fold.run ?? firstRun(fold);
  return { run, generation: fold.generation };
}

interface Fold {
  readonly model: SearchModel;
  readonly options: CmaOptions;
  readonly seed: string;
  readonly restarts: RestartState;
  readonly earlier: EarlierResult[];
  /** Results of the generation so far. */
  results: Result[];
  /** `undefined` until a trial of CMA-ES has finished. */
  run: Run | undefined;
  generation: number;
  /** The first generation of the run. */
  firstGeneration: number;
  /** How many trials of the history are folded in. */
  position: number;
  /** The last of them. */
  last: Trial | undefined;
}

function startFold({ model, options, seed }: Pick<Fold, "model" | "options" | "seed">): Fold {
  const populationSize = options.popsize ?? defaultPopulationSize(model.size);
  return {
    model,
    options,
    seed,
    restarts: firstRestartState(populationSize),
    earlier: [],
    results: [],
    run: undefined,
    generation: 0,
    firstGeneration: 0,
    position: 0,
    last: undefined,
  };
}

/** Fold in the next trial. */
function take(fold: Fold, { trials, points, objectives, size }: Observations): void {
  const row = fold.position++;
  const trial = trials[row]!;
  fold.last = trial;
  const objective = objectives[row]!;
  const point = points.slice(row * size, (row + 1) * size);
  const label = labelOf(trial);
  if (fold.run === undefined) {
    if (label === undefined) {
      if (Number.isFinite(objective)) fold.earlier.push({ point, objective });
      return;
    }
    fold.run = firstRun(fold);
  }
  if (label === undefined ? !(objective < fold.run.best) : label < fold.firstGeneration) return;
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

function firstRun({ model, options, earlier, restarts }: Fold): Run {
  const { sigma0: stepSize } = options;
  const populationSize = restarts.firstPopulation;
  const warm = warmStart(model, { earlier, stepSize });
  if (warm !== undefined) return startRun(model, { populationSize, ...warm });
  const best = earlier.toSorted((a, b) => a.objective - b.objective)[0];
  const mean = Float64Array.from(model.numeric, (at) => best?.point[at] ?? 0.5);
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
