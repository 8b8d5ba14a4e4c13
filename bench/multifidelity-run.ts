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
  /** Without the instance, which is the seed. */
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
  /** Processor milliseconds for each suggestion, the storage in memory included; of one worker, else 0. */
  readonly suggestMs: number;
}

export interface RunLimits {
  /** Virtual time, in full trainings for each worker. */
  readonly time: number;
  /** A run ends with so many trials, too: with many workers and short trials there are more than anybody can wait for. */
  readonly trials: number;
  /** A run ends, too, when its best full training has no more regret than this. */
  readonly regret?: number;
}

/** The curves have an instance for each seed. Of real trainings one split of the data is harder than another, so all have one. */
export function problemFor({ problem, seed }: Pick<FidelityRun, "problem" | "seed">): string {
  return problem.startsWith("learning-curve") ? `${problem}-i${seed}` : problem;
}

/** How long a run is: 16 full trainings for each worker, 64 at least for all of them together. */
export function timeFor(workers: number): number {
  return Math.max(64 / workers, 16);
}

/** Run an algorithm of ours. Trials that continue others resume from their checkpoints. */
export async function runOurs(run: FidelityRun, problem: Problem, limits: RunLimits): Promise<FidelityResult> {
  const { trials, underWay, suggestMs } = await runVirtually({
    problem,
    algorithm: parseAlgorithm(run.algorithm),
    seed: String(run.seed),
    maxTrials: 1e9, // workers would wait for the last ones of a budget
    workers: run.workers,
    now: run.workers === 1 ? processorMs : () => 0, // a look at the clock costs a tenth of a run
    isEnough: limitOf(problem, limits),
  });
  return conclude({ run, problem, trials, underWay, suggestMs });
}

/** Tells of one trial after the other, as they end, whether it is the last. */
export function limitOf(problem: Problem, { time, trials, regret = -1 }: RunLimits): (trial: VirtualTrial) => boolean {
  const follow = incumbentFollower(problem);
  let count = 0;
  return (trial) => {
    const found = follow(trial);
    return ++count >= trials || trial.endTime >= time || (found !== undefined && found[1] <= regret);
  };
}

interface Outcome {
  readonly run: FidelityRun;
  readonly problem: Problem;
  readonly trials: readonly VirtualTrial[];
  /** When the others began that were under way at the end. */
  readonly underWay: readonly number[];
  readonly suggestMs: number;
}

export function conclude({ run, problem, trials, underWay, suggestMs }: Outcome): FidelityResult {
  const time = trials.at(-1)?.endTime ?? 0;
  return {
    ...run,
    incumbents: incumbentsOf(problem, trials),
    time: rounded(time),
    trials: trials.length,
    busy: rounded(workTime(trials, underWay) / (time * run.workers)),
    suggestMs: rounded(suggestMs / Math.max(1, trials.length)),
  };
}

function incumbentsOf(problem: Problem, trials: readonly VirtualTrial[]): (readonly [number, number])[] {
  return trials.map(incumbentFollower(problem)).filter((found) => found !== undefined);
}

/**
 * The best trial that was trained to the end, as a user sees it, each time there is another one; and its true value. Who
 * looks good after an epoch is nothing to take home.
 */
function incumbentFollower(
  problem: Problem,
): (trial: VirtualTrial) => readonly [time: number, regret: number] | undefined {
  const { name, high } = fidelityOf(problem);
  let best = Number.POSITIVE_INFINITY;
  return ({ params, objective, endTime }) => {
    if (params[name] !== high || objective === undefined || objective >= best) return undefined;
    best = objective;
    return [rounded(endTime), rounded(trueValue(problem, params) - (problem.minimum ?? 0))];
  };
}

/** Of all workers together, until the last trial ended. */
function workTime(trials: readonly VirtualTrial[], underWay: readonly number[]): number {
  const end = trials.at(-1)?.endTime ?? 0;
  const done = trials.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
  return underWay.reduce((sum, startTime) => sum + end - startTime, done);
}

export function fidelityOf({ space }: Problem): FidelityDimension {
  return parseSpace(space).dimensions.find((dimension) => dimension.type === "fidelity") as FidelityDimension;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
