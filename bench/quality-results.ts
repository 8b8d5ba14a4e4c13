import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** One run: the simple regret at each budget. */
export interface QualityResult {
  /** `tpe`, `tpe:gamma=0.1`; of a peer `optuna-tpe`. */
  readonly algorithm: string;
  readonly problem: string;
  readonly workers: number;
  readonly seed: number;
  readonly regret: Readonly<Record<string, number>>;
}

export const budgets = [50, 100, 200];

/** A file of results, one per line, that grows as they come: whoever starts again goes on with what is missing. */
export interface ResultFile {
  readonly results: readonly QualityResult[];
  /** True when the run is there with the regret after so many trials. */
  has(run: Omit<QualityResult, "regret">, trials: number): boolean;
  add(result: QualityResult): void;
}

/** @param redo - Algorithms whose old results are dropped. */
export function openResults(path: string, redo: readonly string[]): ResultFile {
  mkdirSync(dirname(path), { recursive: true });
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const all = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as QualityResult);
  const results = all.filter(({ algorithm }) => !redo.includes(algorithm));
  if (results.length < all.length) {
    writeFileSync(path, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
  }
  const keyOf = ({ algorithm, problem, workers, seed }: Omit<QualityResult, "regret">) =>
    JSON.stringify([algorithm, problem, workers, seed]);
  const longest = new Map<string, number>();
  const note = (result: QualityResult) => {
    const trials = Math.max(...Object.keys(result.regret).map(Number));
    longest.set(keyOf(result), Math.max(trials, longest.get(keyOf(result)) ?? 0));
  };
  for (const result of results) note(result);
  return {
    results,
    has: (run, trials) => (longest.get(keyOf(run)) ?? 0) >= trials,
    add: (result) => {
      results.push(result);
      note(result);
      appendFileSync(path, `${JSON.stringify(result)}\n`);
    },
  };
}
