import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { StudyRow } from "../../benchmarks/assessments/study-row.js";
import { requireBenchmark } from "../../benchmarks/benchmark.js";
import { readStudies } from "../../benchmarks/read-studies.js";
import { UsageError } from "../../errors.js";
import { fileTrouble } from "../../file-trouble.js";
import { makeFolder } from "../../make-folder.js";
import { addBenchmarkOptions, type BenchmarkOptions, collect, requireName } from "../benchmark/benchmark-options.js";
import { type Chart, drawCharts } from "../benchmark/charts.js";
import { showSummary } from "../benchmark/summary.js";
import { defineCommand } from "../command.js";
import { openSession } from "../session.js";

interface ShowOptions extends BenchmarkOptions {
  readonly problem?: readonly string[];
  readonly plots?: string;
}

/** `orion benchmark show`: the tables of a benchmark, and its plots as files. */
export default defineCommand<ShowOptions>({
  configure(command) {
    addBenchmarkOptions(command)
      .option("-p, --problem <problem>", "only this problem; may be repeated", collect)
      .option("--plots <dir>", "write plots to this folder, as SVG")
      .addHelpText(
        "after",
        "\nExamples:\n  orion benchmark show -n first\n  orion benchmark show -n first --plots plots",
      );
  },

  async run({ terminal, options }) {
    const name = requireName(options);
    await using session = await openSession(terminal, { ...options, isReader: true });
    const { storage } = session;
    const benchmark = await requireBenchmark(storage, name);
    const rows = choose(await readStudies(storage, benchmark), options.problem, benchmark.plan.problems);
    const { counts } = await storage.summarize(benchmark.record.id);
    terminal.out(showSummary({ benchmark, rows, counts, isJson: options.json === true }));
    if (options.plots === undefined) return 0;
    const folder = resolve(terminal.directory, options.plots);
    for (const path of writePlots(folder, drawCharts(rows))) terminal.error(`${path}\n`);
    return 0;
  },
});

/** @returns The path of each file once it is written. */
function* writePlots(folder: string, charts: readonly Chart[]): Generator<string, void> {
  try {
    makeFolder(folder);
    for (const { file, svg } of charts) {
      writeFileSync(join(folder, file), svg);
      yield join(folder, file);
    }
  } catch (cause) {
    throw new UsageError(
      `The plots cannot be written to "${folder}": ${fileTrouble(cause)}.`,
      "Make it a folder with room that you may write to, or name another one with --plots.",
      { cause },
    );
  }
}

function choose(rows: StudyRow[], asked: readonly string[] | undefined, known: readonly string[]): StudyRow[] {
  if (asked === undefined) return rows;
  const unknown = asked.find((problem) => !known.includes(problem));
  if (unknown !== undefined) {
    throw new UsageError(`The benchmark has no problem "${unknown}".`, `Its problems: ${known.join(", ")}.`);
  }
  return rows.filter(({ problem }) => asked.includes(problem));
}
