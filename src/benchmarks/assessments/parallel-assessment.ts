import { type Quartiles, quartilesOf } from "./quantiles.js";
import { groupStudies, regretAfter, type StudyRow } from "./study-row.js";

export interface ParallelRow extends Quartiles {
  readonly problem: string;
  readonly algorithm: string;
  readonly workers: number;
  readonly trials: number;
  /** Median regret over that with the fewest workers at equal trials: what it costs to know less. */
  readonly ratio: number;
  /** Median virtual time until the last trial ended. */
  readonly duration: number;
  /** Duration with the fewest workers over this one. */
  readonly speedup: number;
  readonly repetitions: number;
}

/** The result after all trials, by the number of workers. */
export function parallelAssessment(rows: readonly StudyRow[]): ParallelRow[] {
  return groupStudies(rows, ({ problem, algorithm }) => [problem, algorithm]).flatMap((family) => {
    const groups = groupStudies(family, ({ workers }) => [workers]).sort((a, b) => a[0]!.workers - b[0]!.workers);
    const summaries = groups.map(summarise);
    const [first] = summaries;
    return summaries.map((summary) => ({
      ...summary,
      // Equal regrets, both 0 perhaps, are as good as each other.
      ratio: summary.median === first!.median ? 1 : summary.median / first!.median,
      speedup: first!.duration / summary.duration,
    }));
  });
}

function summarise(group: readonly StudyRow[]): Omit<ParallelRow, "ratio" | "speedup"> {
  const { problem, algorithm, workers } = group[0]!;
  const trials = group.reduce((most, { incumbents }) => Math.max(most, incumbents.length), 0);
  const spread = quartilesOf(group.map((row) => regretAfter(row, trials)));
  const duration = quartilesOf(group.map(({ times }) => times.at(-1) ?? 0)).median;
  return { problem, algorithm, workers, trials, ...spread, duration, repetitions: group.length };
}
