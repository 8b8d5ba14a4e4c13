import { regretQuantiles } from "../../benchmarks/assessments/average-result.js";
import type { StudyRow } from "../../benchmarks/assessments/study-row.js";
import { type WinRateRow, winRate } from "../../benchmarks/assessments/win-rate.js";
import { requireBenchmark } from "../../benchmarks/benchmark.js";
import { readStudies } from "../../benchmarks/read-studies.js";
import { UsageError } from "../../errors.js";
import { addBenchmarkOptions, type BenchmarkOptions, requireName } from "../benchmark/benchmark-options.js";
import { short } from "../benchmark/summary.js";
import { defineCommand } from "../command.js";
import { wholeNumber } from "../common-options.js";
import { openSession } from "../session.js";
import { showTable } from "../text/table.js";

interface CompareOptions extends BenchmarkOptions {
  readonly to?: string;
  readonly trials?: number;
}

interface ComparisonRow extends WinRateRow {
  readonly median: number;
  readonly opponentMedian: number;
  /** Below 1 is better than the opponent. */
  readonly ratio: number;
}

/** `orion benchmark compare`: each algorithm against one of them, problem by problem. */
export default defineCommand<CompareOptions>({
  configure(command) {
    addBenchmarkOptions(command)
      .option("--to <algorithm>", "compare with this one (default: the first)")
      .option("--trials <count>", "compare after so many trials (default: all)", wholeNumber("--trials", 1))
      .addHelpText(
        "after",
        "\nExamples:\n  orion benchmark compare -n first --to random\n  orion benchmark compare -n first --trials 50",
      );
  },

  async run({ terminal, options }) {
    const name = requireName(options);
    await using session = await openSession(terminal, { ...options, isReader: true });
    const benchmark = await requireBenchmark(session.storage, name);
    const labels = benchmark.plan.algorithms.map(({ label }) => label);
    const opponent = options.to ?? labels[0]!;
    if (!labels.includes(opponent)) {
      throw new UsageError(`The benchmark has no algorithm "${opponent}".`, `Its algorithms: ${labels.join(", ")}.`);
    }
    const trials = Math.min(options.trials ?? benchmark.plan.trials, benchmark.plan.trials);
    const rows = compare(await readStudies(session.storage, benchmark), { opponent, trials });
    terminal.out(options.json ? `${JSON.stringify(rows)}\n` : showComparison(rows, { opponent, trials }));
    return 0;
  },
});

interface Against {
  readonly opponent: string;
  readonly trials: number;
}

function compare(rows: readonly StudyRow[], { opponent, trials }: Against): ComparisonRow[] {
  const medians = regretQuantiles(rows, [trials]);
  const medianOf = (row: WinRateRow, algorithm: string) =>
    medians.find(
      (other) => other.problem === row.problem && other.workers === row.workers && other.algorithm === algorithm,
    )!.median;
  return winRate(rows, trials)
    .filter((row) => row.opponent === opponent)
    .map((row) => {
      const [median, opponentMedian] = [medianOf(row, row.algorithm), medianOf(row, opponent)];
      return { ...row, median, opponentMedian, ratio: median === opponentMedian ? 1 : median / opponentMedian };
    });
}

function showComparison(rows: readonly ComparisonRow[], { opponent, trials }: Against): string {
  if (rows.length === 0) return `No study of ${opponent} and another algorithm is done yet.\n`;
  const table = showTable(
    [
      { title: "problem", align: "left" },
      { title: "workers", align: "right" },
      { title: "algorithm", align: "left" },
      { title: "median", align: "right" },
      { title: opponent, align: "right" },
      { title: "ratio", align: "right" },
      { title: "wins", align: "right" },
    ],
    rows.map(({ problem, workers, algorithm, median, opponentMedian, ratio, winRate: wins }) => ({
      cells: [
        problem,
        String(workers),
        algorithm,
        short(median),
        short(opponentMedian),
        short(ratio),
        `${Math.round(100 * wins)} %`,
      ],
    })),
  );
  return `Against ${opponent} after ${trials} trials; a ratio below 1 and wins above 50 % are better than ${opponent}.\n\n${table}`;
}
