import { cpus } from "node:os";
import { type BenchmarkPlan, benchmarkName, defineBenchmark, listBenchmarks } from "../../benchmarks/benchmark.js";
import { readStudies } from "../../benchmarks/read-studies.js";
import { systemUser } from "../../config/system-user.js";
import { CommandLineError } from "../../errors.js";
import { version } from "../../version.js";
import {
  addBenchmarkOptions,
  type BenchmarkOptions,
  collect,
  collectWhole,
  requireName,
  wholeNumbers,
} from "../benchmark/benchmark-options.js";
import { runStudies } from "../benchmark/run-studies.js";
import { showSummary } from "../benchmark/summary.js";
import { defineCommand } from "../command.js";
import { wholeNumber } from "../common-options.js";
import { parseAlgorithm } from "../hunt/parse-algorithm.js";
import { openSession, type Session } from "../session.js";
import type { Terminal } from "../terminal.js";

interface RunOptions extends BenchmarkOptions {
  readonly problem?: readonly string[];
  readonly algorithm?: readonly string[];
  readonly repetitions?: number;
  readonly trials?: number;
  readonly workers?: readonly number[];
  readonly processes?: number;
}

/** `orion benchmark run`: compare algorithms on problems; run again, it does what is missing. */
export default defineCommand<RunOptions>({
  configure(command) {
    addBenchmarkOptions(command)
      .option("-p, --problem <problem>", "e.g. rosenbrock-5d,branin; may be repeated", collect)
      .option("-a, --algorithm <algorithm>", "e.g. sobol, or NAME:key=value; may be repeated", collectWhole)
      .option("--repetitions <count>", "seeds of each study (default: 20)", wholeNumber("--repetitions", 1))
      .option("--trials <count>", "trials of each study (default: 100)", wholeNumber("--trials", 1))
      .option("--workers <counts>", "simulated workers, e.g. 1,8 (default: 1)", wholeNumbers("--workers"))
      .option("--processes <count>", "studies at once (default: one per core)", wholeNumber("--processes"))
      .addHelpText(
        "after",
        "\nExamples:\n  orion benchmark run -n first -p branin,hartmann-6d -a random -a sobol\n" +
          "  orion benchmark run -n first                        # runs what is missing\n" +
          "  orion benchmark run -n first --repetitions 50       # adds to it\n" +
          "  orion benchmark list --problems                     # all problems",
      );
  },

  async run({ terminal, options }) {
    const name = requireName(options);
    await using session = await openSession(terminal, options);
    const plan = await planFrom(session, name, options);
    const benchmark = await defineBenchmark(session.storage, { name, plan, metadata: metadataOf(terminal) });
    const processes = options.processes ?? Math.max(1, cpus().length);
    const wasStopped = await runStudies({ terminal, session, benchmark, processes });
    const rows = await readStudies(session.storage, benchmark);
    const { counts } = await session.storage.summarize(benchmark.record.id);
    terminal.out(showSummary({ benchmark, rows, counts, isJson: options.json === true }));
    return wasStopped ? 130 : counts.broken > 0 ? 1 : 0;
  },
});

/** What is asked for; what is not said is as stored, or takes its default in a new benchmark. */
async function planFrom({ storage }: Session, name: string, options: RunOptions): Promise<BenchmarkPlan> {
  const stored = (await listBenchmarks(storage)).find(({ record }) => benchmarkName(record) === name)?.plan;
  const { problem, algorithm, repetitions, trials, workers } = options;
  const plan = {
    problems: problem ?? stored?.problems ?? [],
    algorithms: algorithm?.map((label) => ({ label, choice: parseAlgorithm(label) })) ?? stored?.algorithms ?? [],
    repetitions: repetitions ?? stored?.repetitions ?? 20,
    trials: trials ?? stored?.trials ?? 100,
    workers: workers ?? stored?.workers ?? [1],
  };
  if (plan.problems.length > 0 && plan.algorithms.length > 0) return plan;
  throw new CommandLineError(
    `The new benchmark "${name}" needs at least one problem and one algorithm.`,
    "For example -p branin -a random -a sobol; `orion benchmark list --problems` shows the problems.",
  );
}

function metadataOf(terminal: Terminal) {
  return {
    user: systemUser(terminal),
    datetime: new Date().toISOString(),
    orionVersion: version,
    userArgs: [],
    directory: terminal.directory,
  };
}
