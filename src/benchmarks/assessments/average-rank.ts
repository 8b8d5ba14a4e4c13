import { mean } from "./quantiles.js";
import { curveSteps, groupStudies, regretAfter, type StudyRow } from "./study-row.js";

export interface AverageRankRow {
  readonly problem: string;
  readonly algorithm: string;
  readonly workers: number;
  readonly trials: number;
  /** 1 is the best; equal regrets share the middle of their ranks. */
  readonly rank: number;
  readonly repetitions: number;
}

/**
 * The rank of each algorithm among those that did the same repetition of the same problem, averaged over repetitions,
 * step by step. Ranks ignore scale, so they may be averaged over problems. There is none where no repetition was done by
 * all that took part, as when the study of one is broken and the others go on.
 */
export function averageRank(rows: readonly StudyRow[], steps = curveSteps(rows)): AverageRankRow[] {
  return groupStudies(rows, ({ problem, workers }) => [problem, workers]).flatMap((contest) => {
    const { problem, workers } = contest[0]!;
    const rounds = groupStudies(contest, ({ repetition }) => [repetition]);
    const algorithms = [...new Set(contest.map(({ algorithm }) => algorithm))];
    const full = rounds.filter((round) => round.length === algorithms.length);
    if (full.length === 0) return [];
    return steps.flatMap((trials) => {
      const ranks = full.map((round) => ranksOf(round, trials));
      return algorithms.map((algorithm) => ({
        problem,
        algorithm,
        workers,
        trials,
        rank: mean(ranks.map((rank) => rank.get(algorithm)!)),
        repetitions: full.length,
      }));
    });
  });
}

/** The mean over problems of each algorithm's rank: one number for each number of workers and trials. */
export function overallRank(rows: readonly AverageRankRow[]): Omit<AverageRankRow, "problem" | "repetitions">[] {
  const groups = new Map<string, AverageRankRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.workers, row.algorithm, row.trials]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const { algorithm, workers, trials } = group[0]!;
    return { algorithm, workers, trials, rank: mean(group.map(({ rank }) => rank)) };
  });
}

function ranksOf(round: readonly StudyRow[], trials: number): Map<string, number> {
  const regrets = round.map((row) => regretAfter(row, trials));
  return new Map(
    round.map(({ algorithm }, index) => {
      const own = regrets[index]!;
      const better = regrets.filter((regret) => regret < own).length;
      const equal = regrets.filter((regret) => regret === own).length;
      return [algorithm, better + (equal + 1) / 2];
    }),
  );
}
