import { exp, log } from "../../math/exp-log.js";
import { keyedRng } from "../../math/rng.js";
import { mostUneven } from "./gaussian.js";
import type { Run } from "./run.js";

/** How a run that has come to its end is followed by the next one. */
export type RestartStrategy = "bipop" | "ipop" | null;

/** What the runs so far were. */
export interface RestartState {
  readonly firstPopulation: number;
  /** λ of the next large run. */
  nextLarge: number;
  /** Results used by small runs, and by large ones. */
  smallUsed: number;
  largeUsed: number;
  /** Results of the last large run. */
  lastLarge: number;
  /** The present run is one of the small ones. */
  isSmall: boolean;
  count: number;
}

export function firstRestartState(populationSize: number): RestartState {
  return {
    firstPopulation: populationSize,
    nextLarge: populationSize,
    smallUsed: 0,
    largeUsed: 0,
    lastLarge: Number.POSITIVE_INFINITY,
    isSmall: false,
    count: 0,
  };
}

/** True when a run has nothing more to find. */
export function isSpent(run: Run, state: RestartState): boolean {
  const { gaussian, strategy, bests } = run;
  const { populationSize } = strategy;
  const generations = bests.length;
  const n = gaussian?.n ?? 1;
  if (state.isSmall && generations * populationSize > state.lastLarge / 2) return true;
  const window = 10 + Math.ceil((30 * n) / populationSize);
  if (generations >= window && isFlat(run, window)) return true;
  if (generations - run.bestGeneration > 2 * window) return true;
  if (gaussian === undefined) return false;
  const { stepSize, deviations } = gaussian;
  const [narrowest, widest] = [deviations[0]!, deviations[n - 1]!];
  if (stepSize * widest < shortestStep) return true;
  return widest * widest >= 0.999 * mostUneven * narrowest * narrowest;
}

/** In the unit cube. */
const shortestStep = 1e-12;

/**
 * The bests of the last generations differ by a millionth of a millionth of what the first generation differed by. One
 * without a finite result, as in an outage, says nothing of that.
 */
function isFlat({ bests, firstSpread }: Run, window: number): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = bests.length - window; i < bests.length; i++) {
    if (bests[i] === Number.POSITIVE_INFINITY) continue;
    low = Math.min(low, bests[i]!);
    high = Math.max(high, bests[i]!);
  }
  return low >= high || high - low <= Math.max(1e-12 * firstSpread, 1e-13 * Math.max(Math.abs(low), Math.abs(high)));
}

export interface NextRun {
  readonly populationSize: number;
  /** To be multiplied with σ₀. */
  readonly stepFactor: number;
}

/**
 * The size of the next run; changes `state`.
 *
 * `ipop` makes each population `factor` times as large as the one before. `bipop` does so as well, and between these
 * makes small runs of a random size and step, as long as they have used fewer results than the large ones.
 *
 * @see Auger & Hansen 2005, "A restart CMA evolution strategy with increasing population size", https://doi.org/10.1109/CEC.2005.1554902
 * @see Hansen 2009, "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed", https://doi.org/10.1145/1570256.1570333
 */
export function nextRun(
  state: RestartState,
  { run, strategy, factor, seed }: { run: Run; strategy: RestartStrategy; factor: number; seed: string },
): NextRun {
  const used = run.bests.length * run.strategy.populationSize;
  if (state.isSmall) state.smallUsed += used;
  // The very first run belongs to neither.
  else if (state.count > 0) state.largeUsed += used;
  if (!state.isSmall) state.lastLarge = used;
  state.count++;
  const { firstPopulation } = state;
  if (strategy === null) return { populationSize: firstPopulation, stepFactor: 1 };
  state.isSmall = strategy === "bipop" && state.count > 1 && state.smallUsed < state.largeUsed;
  if (!state.isSmall) {
    state.nextLarge = Math.ceil(state.nextLarge * factor);
    return { populationSize: state.nextLarge, stepFactor: 1 };
  }
  const rng = keyedRng(seed, "small run", state.count);
  const [u, v] = [rng.next(), rng.next()];
  const populationSize = Math.floor(firstPopulation * exp(u * u * log((0.5 * state.nextLarge) / firstPopulation)));
  return { populationSize: Math.max(2, populationSize), stepFactor: exp(-2 * v * Math.LN10) };
}
