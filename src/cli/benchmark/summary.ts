import { type AverageRankRow, averageRank, overallRank } from "../../benchmarks/assessments/average-rank.js";
import { type AverageResultRow, regretQuantiles } from "../../benchmarks/assessments/average-result.js";
import { type ParallelRow, parallelAssessment } from "../../benchmarks/assessments/parallel-assessment.js";
import type { StudyRow } from "../../benchmarks/assessments/study-row.js";
import { type SuggestionTimeRow, suggestionTime } from "../../benchmarks/assessments/suggestion-time.js";
import { type Benchmark, benchmarkName } from "../../benchmarks/benchmark.js";
import { shellWord } from "../../shell-word.js";
import type { Summary } from "../../storage/storage.js";
import { joinBlocks, showBlock } from "../text/block.js";
import { showRounded } from "../text/numbers.js";
import { type Column, showTable } from "../text/table.js";

interface SummaryInput {
  readonly benchmark: Benchmark;
  readonly rows: readonly StudyRow[];
  readonly counts: Summary["counts"];
  readonly isJson: boolean;
}

/** All tables of a benchmark as text, or as one JSON document. */
export function showSummary(input: SummaryInput): string {
  const assessed = assess(input);
  if (input.isJson) return `${JSON.stringify({ ...describeBenchmark(input), ...assessed })}\n`;
  const { name, done, total, broken } = describeBenchmark(input);
  const failed = broken > 0 ? `; ${broken} failed, see orion info -n ${shellWord(`benchmark/${name}`)}` : "";
  const blocks = [
    `${showBlock(`Benchmark ${name}`, [`${done} of ${total} studies done${failed}`])}`,
    ...(assessed.regret.length === 0
      ? []
      : [
          tableBlock("Simple regret", showRegret(assessed.regret)),
          tableBlock("Average rank", showRanks(assessed.rank)),
          ...(input.benchmark.plan.workers.length > 1 ? [tableBlock("Workers", showParallel(assessed.parallel))] : []),
          tableBlock("Processor milliseconds per suggestion", showTimes(assessed.suggestionTime)),
        ]),
  ];
  return joinBlocks(blocks);
}

/** What there is of a benchmark, for scripts. */
export function describeBenchmark({ benchmark, counts }: Omit<SummaryInput, "rows" | "isJson">) {
  const { problems, algorithms, repetitions, trials, workers } = benchmark.plan;
  return {
    name: benchmarkName(benchmark.record),
    problems,
    algorithms: algorithms.map(({ label }) => label),
    repetitions,
    trials,
    workers,
    done: counts.completed,
    broken: counts.broken,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
  };
}

function assess({ benchmark, rows }: SummaryInput) {
  const { trials } = benchmark.plan;
  const budgets = [...new Set([0.25, 0.5, 1].map((share) => Math.max(1, Math.round(share * trials))))];
  return {
    regret: regretQuantiles(rows, budgets),
    rank: averageRank(rows, [trials]),
    parallel: parallelAssessment(rows),
    suggestionTime: suggestionTime(rows),
  };
}

function tableBlock(title: string, table: string): string {
  return showBlock(title, [table.trimEnd()]);
}

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });
const place = [left("problem"), right("workers"), left("algorithm")];
const spread = [right("25 %"), right("median"), right("75 %")];

const placeOf = ({ problem, workers, algorithm }: Pick<StudyRow, "problem" | "workers" | "algorithm">) => [
  problem,
  String(workers),
  algorithm,
];
const spreadOf = ({ lower, median, upper }: { lower: number; median: number; upper: number }) =>
  [lower, median, upper].map(short);

/** Four digits are more than a comparison can bear. */
export function short(value: number): string {
  return showRounded(Number(value.toPrecision(4)));
}

function showRegret(rows: readonly AverageResultRow[]): string {
  return showTable(
    [...place, right("trials"), ...spread, right("studies")],
    rows.map((row) => ({ cells: [...placeOf(row), String(row.trials), ...spreadOf(row), String(row.repetitions)] })),
  );
}

function showRanks(rows: readonly AverageRankRow[]): string {
  const hasSeveral = new Set(rows.map(({ problem }) => problem)).size > 1;
  const overall = hasSeveral ? overallRank(rows).map((row) => ({ ...row, problem: "(all)" })) : [];
  return showTable(
    [...place, right("rank")],
    [...rows, ...overall].map((row) => ({ cells: [...placeOf(row), row.rank.toFixed(2)] })),
  );
}

function showParallel(rows: readonly ParallelRow[]): string {
  return showTable(
    [...place, right("median"), right("ratio"), right("duration"), right("speedup")],
    rows.map((row) => ({
      cells: [...placeOf(row), ...[row.median, row.ratio, row.duration, row.speedup].map(short)],
    })),
  );
}

function showTimes(rows: readonly SuggestionTimeRow[]): string {
  return showTable(
    [...place, ...spread],
    rows.map((row) => ({ cells: [...placeOf(row), ...spreadOf(row)] })),
  );
}
