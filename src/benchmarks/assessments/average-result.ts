import { deviation, mean, type Quartiles, quartilesOf } from "./quantiles.js";
import { curveSteps, groupStudies, regretAfter, type StudyRow } from "./study-row.js";

export interface AverageResultRow extends Quartiles {
  readonly problem: string;
  readonly algorithm: string;
  readonly workers: number;
  readonly trials: number;
  readonly mean: number;
  readonly deviation: number;
  readonly repetitions: number;
}

/** The regret curve of each algorithm on each problem: mean, deviation and quartiles over repetitions, step by step. */
export function averageResult(rows: readonly StudyRow[], steps = curveSteps(rows)): AverageResultRow[] {
  return groupStudies(rows, ({ problem, workers, algorithm }) => [problem, workers, algorithm]).flatMap((group) => {
    const { problem, algorithm, workers } = group[0]!;
    return steps.map((trials) => {
      const regrets = group.map((row) => regretAfter(row, trials));
      const spread = { mean: mean(regrets), deviation: deviation(regrets), ...quartilesOf(regrets) };
      return { problem, algorithm, workers, trials, ...spread, repetitions: group.length };
    });
  });
}

/** The same at a few numbers of trials: regret quantiles. */
export function regretQuantiles(rows: readonly StudyRow[], budgets: readonly number[]): AverageResultRow[] {
  return averageResult(rows, [...budgets]);
}
