import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Quartiles, quartilesOf } from "../src/benchmarks/assessments/quantiles.js";
import { budgets, type QualityResult } from "./quality-results.js";

/** One algorithm on one problem after so many trials. */
export interface Cell extends Quartiles {
  readonly algorithm: string;
  readonly problem: string;
  readonly workers: number;
  readonly budget: number;
  readonly seeds: number;
}

/**
 * Regrets below this count as equal: the last target of BBOB. Whoever has solved a problem is not compared by the
 * rounding of its last digits.
 */
const solved = 1e-8;

/** The five problems of the published figures, and what they are called here. */
export const baselineProblems: Readonly<Record<string, string>> = {
  branin: "branin",
  hartmann6: "hartmann-6d",
  rosenbrock5: "rosenbrock-5d",
  ackley10: "ackley-10d",
  mixed4: "mixed4",
};

/** The peer that an algorithm has to bear comparison with, besides the best of all. */
const namesake: Readonly<Record<string, string>> = {
  tpe: "optuna-tpe",
  gp: "optuna-gp",
  cmaes: "optuna-cma",
  random: "optuna-random",
};

export function cellsOf(results: readonly QualityResult[]): Cell[] {
  return [...groupBy(results).values()].flatMap((group) => {
    const { algorithm, problem, workers } = group[0]!;
    return budgets.flatMap((budget) => {
      // A seed counts once, though a longer run of it may have come later.
      const regrets = new Map(group.map(({ seed, regret }) => [seed, regret[budget]]));
      const known = [...regrets.values()].filter((regret) => regret !== undefined);
      if (known.length === 0) return [];
      return [{ algorithm, problem, workers, budget, ...quartilesOf(known), seeds: known.length }];
    });
  });
}

function groupBy(results: readonly QualityResult[]): Map<string, QualityResult[]> {
  const groups = new Map<string, QualityResult[]>();
  for (const result of results) {
    const key = JSON.stringify([result.algorithm, result.problem, result.workers]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return groups;
}

interface Baseline {
  readonly peers: Readonly<
    Record<string, Readonly<Record<string, { quartiles: [number, number, number]; seeds: number }>>>
  >;
}

/** The published figures as cells, see `data/quality-baseline.json`. Oríon's own are left out: they are no peer's. */
export function publishedCells(): Cell[] {
  const text = readFileSync(join(import.meta.dirname, "data/quality-baseline.json"), "utf8");
  return Object.entries((JSON.parse(text) as Baseline).peers).flatMap(([key, byBudget]) => {
    const [algorithm, problem] = key.split("/") as [string, string];
    if (!algorithm.startsWith("optuna-")) return [];
    return Object.entries(byBudget).map(
      ([
        budget,
        {
          quartiles: [lower, median, upper],
          seeds,
        },
      ]) => ({
        algorithm,
        problem: baselineProblems[problem]!,
        workers: 1,
        budget: Number(budget),
        lower,
        median,
        upper,
        seeds,
      }),
    );
  });
}

/** A cell against what it has to be measured by. */
export interface Verdict {
  readonly cell: Cell;
  readonly best: Cell | undefined;
  readonly named: Cell | undefined;
  /** Median over that of the best peer; at or below 1 is as good. */
  readonly toBest: number | undefined;
  readonly toNamed: number | undefined;
}

export function judge(cells: readonly Cell[], peers: readonly Cell[], algorithm: string): Verdict[] {
  const own = cells.filter((cell) => cell.algorithm === algorithm && cell.workers === 1);
  return own.map((cell) => {
    const rivals = peers.filter(({ problem, budget }) => problem === cell.problem && budget === cell.budget);
    const best = rivals.toSorted((a, b) => a.median - b.median)[0];
    const named = rivals.find((rival) => rival.algorithm === namesake[algorithm.split(":")[0]!]);
    return { cell, best, named, toBest: best && ratio(cell, best), toNamed: named && ratio(cell, named) };
  });
}

/** Each cell with several workers against the same one with one worker. */
export function judgeParallel(cells: readonly Cell[], algorithm: string) {
  const own = cells.filter((cell) => cell.algorithm === algorithm);
  return own
    .filter(({ workers }) => workers > 1)
    .map((cell) => {
      const alone = own.find((c) => c.workers === 1 && c.problem === cell.problem && c.budget === cell.budget);
      return { cell, alone, toAlone: alone && ratio(cell, alone) };
    });
}

function ratio(cell: Cell, other: Cell): number {
  return Math.max(cell.median, solved) / Math.max(other.median, solved);
}

/** `17 of 24 (71 %) at or below 1; worst 2.31`. */
export function shareOf(ratios: readonly (number | undefined)[], limit: number): string {
  const known = ratios.filter((value) => value !== undefined);
  if (known.length === 0) return "nothing to compare with";
  const good = known.filter((value) => value <= limit).length;
  const worst = known.reduce((most, value) => Math.max(most, value), 0);
  const share = Math.round((100 * good) / known.length);
  return `${good} of ${known.length} cells (${share} %) at or below ${limit}; the worst is ${worst.toPrecision(3)}`;
}

export function geometricMean(ratios: readonly (number | undefined)[]): number {
  const known = ratios.filter((value) => value !== undefined);
  return Math.exp(known.reduce((sum, value) => sum + Math.log(value) / known.length, 0));
}
