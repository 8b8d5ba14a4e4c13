import type { AlgorithmChoice } from "../storage/storage.js";
import { loadProblem } from "./load-problem.js";
import { type Problem, trueValue } from "./problem.js";
import { runVirtually, type VirtualTrial } from "./virtual-clock.js";

/** One run of one algorithm on one problem: plain data, so that any process can do it. */
export interface Study {
  /** Name of a problem, as `loadProblem` reads it. */
  readonly problem: string;
  readonly algorithm: AlgorithmChoice;
  /** 1, 2, 3 …: the seed. */
  readonly repetition: number;
  readonly trials: number;
  readonly workers: number;
}

/** What came of it, in as few numbers as a comparison needs. */
export interface StudyResult {
  /**
   * The true value of the best trial so far, after each completed trial. The best is the one whose *observed* objective
   * is lowest, which is all that a user can see; without noise the two are one.
   */
  readonly incumbents: readonly number[];
  /** Virtual times at which these trials were completed, ascending. */
  readonly times: readonly number[];
  /** The least value of the problem; `null` where nobody knows it. */
  readonly minimum: number | null;
  /** Milliseconds per suggestion, storage in memory included, by the clock of `runStudy`. */
  readonly suggestMs: number;
  readonly broken: number;
}

/**
 * Run a study.
 *
 * @param now - Milliseconds of a clock, for instance of processor time.
 * @throws {UsageError} for a problem or an algorithm that does not exist, or that do not go together.
 */
export async function runStudy(study: Study, now: () => number): Promise<StudyResult> {
  const problem = await loadProblem(study.problem);
  const { trials, suggestMs } = await runVirtually({
    problem,
    algorithm: study.algorithm,
    seed: String(study.repetition),
    maxTrials: study.trials,
    workers: study.workers,
    now,
  });
  return {
    ...followIncumbent(problem, trials),
    minimum: problem.minimum ?? null,
    suggestMs: suggestMs / Math.max(1, trials.length),
  };
}

/** The incumbent over time, in the order in which trials ended. */
export function followIncumbent(
  problem: Problem,
  trials: readonly VirtualTrial[],
): Pick<StudyResult, "incumbents" | "times" | "broken"> {
  const completed = trials.filter(({ objective }) => objective !== undefined);
  let best = Number.POSITIVE_INFINITY;
  let value = Number.POSITIVE_INFINITY;
  const incumbents = completed.map(({ objective, params }) => {
    if (objective! < best) {
      best = objective!;
      value = trueValue(problem, params);
    }
    return value;
  });
  return { incumbents, times: completed.map(({ endTime }) => endTime), broken: trials.length - completed.length };
}
