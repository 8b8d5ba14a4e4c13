import { type Problem, trueValue } from "../src/benchmarks/problem.js";
import { processorMs } from "../src/benchmarks/processor-time.js";
import { runVirtually, type VirtualTrial } from "../src/benchmarks/virtual-clock.js";
import { parseAlgorithm } from "../src/cli/hunt/parse-algorithm.js";
import type { FidelityDimension } from "../src/space/dimension.js";
import { parseSpace } from "../src/space/parse-space.js";

/** What a run is known by. */
export interface FidelityRun {
  /** `asha`, `asha:num_brackets=2`; of a peer `optuna-hyperband`. */
  readonly algorithm: string;
  /** Without the instance or the split, which is the seed. */
  readonly problem: string;
  readonly workers: number;
  readonly seed: number;
}

/** What came of it. Times are in full trainings. */
export interface FidelityResult extends FidelityRun {
  /** [time, simple regret] whenever another trial became the best of those that were trained to the end. */
  readonly incumbents: readonly (readonly [time: number, regret: number])[];
  /** When it ended. */
  readonly time: number;
  readonly trials: number;
  /** Share of the workers' time in which they were at work. */
  readonly busy: number;
  /** Processor milliseconds for each suggestion, the storage in memory included. */
  readonly suggestMs: number;
}

export interface RunLimits {
  /** Virtual time, in full trainings for each worker. */
  readonly time: number;
  /** A run ends with so many trials, too: with many workers and short trials there are more than anybody can wait for. */
  readonly trials: number;
}

/** The same problem with an instance, or a split of the data, for each seed. */
export function problemFor({ problem, seed }: Pick<FidelityRun, "problem" | "seed">): string {
  return `${problem}-${problem.startsWith("learning-curve") ? "i" : "s"}${seed}`;
}

/** How long a run is: 16 full trainings for each worker, 64 at least for all of them together. */
export function timeFor(workers: number): number {
  return Math.max(64 / workers, 16);
}

/** Run an algorithm of ours. Trials that continue others resume from their checkpoints. */
export async function runOurs(run: FidelityRun, problem: Problem, limits: RunLimits): Promise<FidelityResult> {
  const { trials, suggestMs } = await runVirtually({
    problem,
    algorithm: parseAlgorithm(run.algorithm),
    seed: String(run.seed),
    maxTrials: limits.trials,
    workers: run.workers,
    now: processorMs,
    isEnough: ({ endTime }) => endTime >= limits.time,
  });
  return conclude({ run, problem, trials, suggestMs });
}

interface Outcome {
  readonly run: FidelityRun;
  readonly problem: Problem;
  readonly trials: readonly VirtualTrial[];
  readonly suggestMs: number;
}

export function conclude({ run, problem, trials, suggestMs }: Outcome): FidelityResult {
  const time = trials.at(-1)?.endTime ?? 0;
  return {
    ...run,
    incumbents: incumbentsOf(problem, trials),
    time: rounded(time),
    trials: trials.length,
    busy: rounded(shareAtWork(trials, run.workers)),
    suggestMs: rounded(suggestMs / Math.max(1, trials.length)),
  };
}

/**
 * The best trial that was trained to the end, as a user sees it, each time there is another one; and its true value. Who
 * looks good after an epoch is nothing to take home.
 */
function incumbentsOf(problem: Problem, trials: readonly VirtualTrial[]): [number, number][] {
  const { name, high } = fidelityOf(problem);
  const found: [number, number][] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const { params, objective, endTime } of trials) {
    if (params[name] !== high || objective === undefined || objective >= best) continue;
    best = objective;
    found.push([rounded(endTime), rounded(trueValue(problem, params) - (problem.minimum ?? 0))]);
  }
  return found;
}

/** Until the last trial began: after that nobody asked any more. */
function shareAtWork(trials: readonly VirtualTrial[], workers: number): number {
  const until = trials.reduce((latest, { startTime }) => Math.max(latest, startTime), 0);
  const busy = trials.reduce((sum, { startTime, endTime }) => sum + Math.min(endTime, until) - startTime, 0);
  return until === 0 ? 1 : busy / (until * workers);
}

export function fidelityOf({ space }: Problem): FidelityDimension {
  return parseSpace(space).dimensions.find((dimension) => dimension.type === "fidelity") as FidelityDimension;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
