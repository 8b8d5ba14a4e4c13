import type { Trial } from "../../trial/trial.js";
import type { Observations } from "../observations.js";
import type { Completed, ParallelStrategy } from "../parallel-strategy.js";
import type { Ranking } from "./rank-rows.js";

export interface LieSource {
  readonly observations: Pick<Observations, "trials" | "objectives">;
  /** Of the finished trials. */
  readonly ranking: Ranking;
  readonly pending: readonly Trial[];
  readonly strategy: ParallelStrategy;
}

/**
 * A ranking in which trials without a result stand where a strategy puts them; those that it leaves out are missing.
 *
 * A completed trial goes before a lie that is as good. A pending or broken trial that has an objective keeps it.
 *
 * @returns Pending trial m is row n + m of n finished ones.
 */
export function rankWithLies({ observations, ranking, pending, strategy }: LieSource): Ranking {
  const { trials, objectives } = observations;
  const completed = Array.from(ranking.rows).filter((row) => trials[row]!.status === "completed");
  const summary = summarize(completed, objectives);
  const lies = [...trials, ...pending].flatMap((trial, row) => {
    if (trial.status === "completed") return [];
    const value = trial.objective ?? strategy(trial.status, summary);
    return value === undefined ? [] : [{ row, value: Number.isFinite(value) ? value : Infinity }];
  });
  const truths = completed.map((row) => ({ row, value: objectives[row]! }));
  // The sort is stable, and infinite values are equal to each other.
  const ranked = [...truths, ...lies].sort((a, b) => (a.value === b.value ? 0 : a.value - b.value));
  return {
    rows: Int32Array.from(ranked, ({ row }) => row),
    finiteCount: ranked.filter(({ value }) => Number.isFinite(value)).length,
  };
}

function summarize(completed: readonly number[], objectives: Float64Array): Completed {
  const finite = completed.map((row) => objectives[row]!).filter(Number.isFinite);
  if (finite.length === 0) return { max: undefined, mean: undefined };
  const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
  return { max: finite[finite.length - 1]!, mean };
}
