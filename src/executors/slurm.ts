import { join } from "node:path";
import { callByCommand } from "./call-by-command.js";
import type {
  CommandEvaluation,
  EvaluationControl,
  Executor,
  ExecutorModule,
  ExecutorSettings,
  Outcome,
} from "./executor.js";
import { count, retries, seconds, text } from "./options.js";
import { exitCodeOfSignal, outcomeOf } from "./outcome.js";
import { afterKillMs, longestTimerMs } from "./program.js";
import { refuseImpossible, whyNotStarted } from "./shell-start.js";
import { type JobRecord, openJobRecords } from "./slurm/records.js";
import { createSubmitter } from "./slurm/submit.js";
import { cancelJob, runTool, stopJobs } from "./slurm/tools.js";
import { type JobEnd, startWatcher } from "./slurm/watch.js";
import { explainStartError } from "./start-error.js";

/**
 * Each evaluation is a job of a Slurm cluster whose machines share the files of this one. A job goes on when this
 * process dies; whoever runs the same trial again finds it by the trial's id, and takes over.
 */
export function openSlurm({ configuration, directory, environment }: ExecutorSettings): Executor {
  const folder = (configuration.directory as string | undefined) ?? join(directory, "slurm");
  const submitter = createSubmitter({ folder, words: wordsOf(configuration) });
  const records = openJobRecords(folder);
  const watcher = startWatcher({ queueMs: 1000 * (configuration.poll_interval as number) });
  const running = new Map<string, { readonly kill: () => void; readonly ended: Promise<unknown> }>();
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;

  const run = async (evaluation: CommandEvaluation, control: EvaluationControl): Promise<Outcome> => {
    if (isClosed()) throw new TypeError("The executor is closed.");
    if (control.signal.aborted) return outcomeOf(exitCodeOfSignal("SIGTERM"));
    refuseImpossible(evaluation);
    const found = await takeOver(evaluation);
    if (found !== undefined) control.onAdopted?.(found.evaluation);
    const record = found ?? (await handIn(evaluation, control));
    if (record === undefined) return outcomeOf(exitCodeOfSignal("SIGTERM"));
    const ended = finish(record, control);
    try {
      const outcome = await ended;
      return found === undefined ? outcome : { ...outcome, adopted: found.evaluation };
    } finally {
      records.remove(record);
    }
  };

  /** A job for it; `undefined` when the evaluation was stopped first. */
  const handIn = async (evaluation: CommandEvaluation, control: EvaluationControl): Promise<JobRecord | undefined> => {
    const signal = AbortSignal.any([control.signal, closing.signal]);
    const job = await submitter.submit(evaluation, { ...control, signal });
    if (job === undefined) return undefined;
    const record = { ...job, evaluation };
    try {
      records.keep(record);
      return record;
    } catch (error) {
      await cancelJob(record.job); // nobody would find it, and its trial is going to be run anew
      throw error;
    }
  };

  /** The job of an earlier process, if it does the same; one that does something else is ended. */
  const takeOver = async (evaluation: CommandEvaluation): Promise<JobRecord | undefined> => {
    const record = records.find(evaluation);
    if (record === undefined) return undefined;
    const { argv, directory: start } = record.evaluation;
    if (JSON.stringify([argv, start]) === JSON.stringify([evaluation.argv, evaluation.directory])) return record;
    const job = watcher.follow(record);
    job.hurry();
    await stopJobs([record.job], "KILL");
    await job.ended;
    records.remove(record);
    return undefined;
  };

  const finish = async (record: JobRecord, { signal, graceMs, onNote }: EvaluationControl): Promise<Outcome> => {
    const job = watcher.follow(record, onNote);
    let timer: NodeJS.Timeout | undefined;
    let isKilled = false;
    const kill = () => {
      isKilled = true;
      job.hurry();
      clearTimeout(timer);
      void stopJobs([record.job], "KILL");
      // Its machine may have lost the way to it.
      timer = setTimeout(() => void cancelJob(record.job), afterKillMs);
    };
    const stop = () => {
      job.hurry();
      void stopJobs([record.job], "TERM");
      timer = setTimeout(kill, Math.min(graceMs, longestTimerMs));
    };
    running.set(record.job, { kill, ended: job.ended });
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    if (isClosed()) kill();
    try {
      const end = await job.ended;
      const outcome = judge(end, { record, wasEnded: isKilled ? "SIGKILL" : signal.aborted ? "SIGTERM" : undefined });
      // Should Slurm put it back into its queue after all, it must not run beside the one that takes its place.
      if (outcome.isLost) await cancelJob(record.job);
      return outcome;
    } finally {
      clearTimeout(timer);
      running.delete(record.job);
      signal.removeEventListener("abort", stop);
    }
  };

  const close = async () => {
    closing.abort();
    const left = [...running.values()];
    for (const { kill } of left) kill();
    await Promise.all(left.map(({ ended }) => ended));
  };
  const call = callByCommand({ name: "slurm", run, folder, configuration, environment, isClosed });
  return { name: "slurm", outlivesItsProcess: true, run, call, close, [Symbol.asyncDispose]: close };
}

interface Judged {
  readonly record: JobRecord;
  /** By what it was ended at our wish. */
  readonly wasEnded: NodeJS.Signals | undefined;
}

function judge(end: JobEnd, { record: { evaluation, job }, wasEnded }: Judged): Outcome {
  if (end.kind === "exited") {
    const { exitCode } = end;
    const refused = exitCode === 126 || exitCode === 127 ? whyNotStarted(evaluation) : undefined;
    if (refused !== undefined && wasEnded === undefined) throw explainStartError(refused, evaluation);
    return outcomeOf(exitCode);
  }
  const outcome = outcomeOf(exitCodeOfSignal(wasEnded ?? "SIGKILL"));
  if (wasEnded !== undefined) return outcome;
  if (end.kind === "failed") return { ...outcome, reason: end.reason, isLost: true };
  const fault = ownFaults[end.state];
  if (fault !== undefined) return { ...outcome, reason: `${fault} (Slurm job ${job}, ${end.state}).` };
  return { ...outcome, reason: `Slurm lost it: job ${job} is ${end.state}.`, isLost: true };
}

/** States for which the program is to blame, or what was asked for it: to run it again would end no better. */
const ownFaults: Readonly<Record<string, string>> = {
  TIMEOUT: "It ran longer than its job may",
  DEADLINE: "It was not done by the deadline of its job",
  OUT_OF_MEMORY: "It took more memory than its job may",
};

/** Options that go to `sbatch` under the same name. */
const sbatchOptions = {
  partition: text({ default: undefined, doc: "Partition of the jobs." }),
  account: text({ default: undefined, doc: "Account that is charged." }),
  qos: text({ default: undefined, doc: "Quality of service." }),
  time: text({ default: undefined, doc: 'Longest run of a job, e.g. "2:00:00".' }),
  mem: text({ default: undefined, doc: 'Memory of a job, e.g. "8G".' }),
  gres: text({ default: undefined, doc: 'Devices of a job, e.g. "gpu:1".' }),
  constraint: text({ default: undefined, doc: "What a machine must have." }),
  cpus_per_task: count({ default: undefined, from: 1, doc: "Cores of a job." }),
};

function wordsOf(configuration: ExecutorSettings["configuration"]): string[] {
  const words = Object.keys(sbatchOptions)
    .filter((name) => configuration[name] !== undefined)
    .map((name) => `--${name.replaceAll("_", "-")}=${configuration[name]}`);
  return [...words, ...(configuration.arguments as readonly string[])];
}

export default {
  summary: "Each evaluation is a job of a Slurm cluster that shares this machine's files.",
  canInterrupt: true,
  takesClosures: false,
  startsElsewhere: true,
  options: {
    ...sbatchOptions,
    arguments: {
      default: [],
      expected: "a list of texts",
      accepts: (value) => Array.isArray(value) && value.every((word) => typeof word === "string"),
      doc: "More arguments for `sbatch`, a JSON list such as '[\"--exclusive\"]'.",
    },
    directory: text({ default: undefined, doc: "Directory for its files, on a file system that all machines share." }),
    poll_interval: seconds({
      default: 5,
      from: 0.1,
      doc: "Seconds between two looks at the queue (one for all jobs).",
    }),
    node: text({
      default: undefined,
      doc: "Node.js on the cluster's machines, for functions; by default the one in use here.",
    }),
    max_memory_mb: count({ default: undefined, from: 1, doc: "Size in MB to which the heap of a function may grow." }),
    retries,
  },
  async check({ configuration }) {
    for (const tool of ["scancel", "squeue"]) await runTool(tool, ["--version"]);
    await runTool("sbatch", ["--test-only", "--wrap=true", "--output=/dev/null", ...wordsOf(configuration)]);
  },
  open: openSlurm,
} satisfies ExecutorModule;
