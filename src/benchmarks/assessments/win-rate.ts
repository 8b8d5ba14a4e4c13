import { groupStudies, regretAfter, type StudyRow } from "./study-row.js";

export interface WinRateRow {
  readonly problem: string;
  readonly workers: number;
  readonly algorithm: string;
  readonly opponent: string;
  readonly trials: number;
  /** Share of pairs of repetitions that the algorithm wins; a draw counts half. 0.5 is as good as the opponent. */
  readonly winRate: number;
  readonly pairs: number;
}

/**
 * How often one algorithm has the lower regret than another after so many trials: over all pairs of a repetition of the
 * one with a repetition of the other, the statistic of Mann and Whitney.
 *
 * @see Mann & Whitney 1947, https://doi.org/10.1214/aoms/1177730491
 */
export function winRate(rows: readonly StudyRow[], trials: number): WinRateRow[] {
  return groupStudies(rows, ({ problem, workers }) => [problem, workers]).flatMap((contest) => {
    const sides = groupStudies(contest, ({ algorithm }) => [algorithm]);
    return sides.flatMap((own) =>
      sides.filter((other) => other !== own).map((other) => compareSides(own, other, trials)),
    );
  });
}

function compareSides(own: readonly StudyRow[], other: readonly StudyRow[], trials: number): WinRateRow {
  const { problem, workers, algorithm } = own[0]!;
  const opposing = other.map((row) => regretAfter(row, trials));
  let wins = 0;
  for (const row of own) {
    const regret = regretAfter(row, trials);
    for (const opposed of opposing) wins += regret < opposed ? 1 : regret === opposed ? 0.5 : 0;
  }
  const pairs = own.length * other.length;
  return { problem, workers, algorithm, opponent: other[0]!.algorithm, trials, winRate: wins / pairs, pairs };
}
