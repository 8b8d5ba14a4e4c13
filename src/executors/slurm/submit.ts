import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeFolder } from "../../make-folder.js";
import type { CommandEvaluation, EvaluationControl } from "../executor.js";
import { arrayScript, evaluationScript } from "./script.js";
import { inSharedFolder } from "./shared-folder.js";
import { findJob, runTool, SlurmBusyError } from "./tools.js";

/** Where an evaluation went. Plain data, since a later process may have to find it. */
export interface SubmittedJob {
  /** `JOB`, or `JOB_TASK` of an array, as Slurm's programs take it. */
  readonly job: string;
  /** Receives the exit code; beside it lies nothing but what belongs to the job. */
  readonly exitPath: string;
}

export interface SubmitOptions {
  /** Shared with the machines of the cluster. Absolute. */
  readonly folder: string;
  /** Words for `sbatch`. */
  readonly words: readonly string[];
}

/** Hands evaluations to the cluster; those that come while `sbatch` is still busy share a job array. */
export interface Submitter {
  /**
   * Waits for as long as the cluster cannot take a job, since others of this process are running there meanwhile.
   *
   * @returns `undefined` when the signal was aborted first.
   * @throws {ConfigurationError} when `sbatch` refuses it, or its script cannot be written.
   */
  submit(evaluation: CommandEvaluation, control: SubmitControl): Promise<SubmittedJob | undefined>;
}

type SubmitControl = Pick<EvaluationControl, "signal" | "onNote">;

interface Waiting {
  readonly evaluation: CommandEvaluation;
  readonly control: SubmitControl;
  readonly resolve: (job: SubmittedJob | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Before a refused job is handed in again; doubled each time, up to the longest. */
const firstPauseMs = 1000;
const longestPauseMs = 30_000;

/** Below the `MaxArraySize` of 1001 that a cluster has unless somebody changed it. */
const mostTasks = 500;

export function createSubmitter(options: SubmitOptions): Submitter {
  const waiting: Waiting[] = [];
  let isBusy = false;

  const work = async () => {
    isBusy = true;
    // Those that are handed in at the same time come together.
    await new Promise((go) => setImmediate(go));
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostTasks);
      try {
        const jobs = await submitArray(batch, options);
        for (const [index, { resolve }] of batch.entries()) resolve(jobs?.[index]);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isBusy = false;
  };

  return {
    submit: (evaluation, control) =>
      new Promise((resolve, reject) => {
        waiting.push({ evaluation, control, resolve, reject });
        if (!isBusy) void work();
      }),
  };
}

/** Hand in one job for all of them; `undefined` when all were stopped before. */
async function submitArray(
  batch: readonly Waiting[],
  { folder, words }: SubmitOptions,
): Promise<readonly SubmittedJob[] | undefined> {
  const name = randomBytes(8).toString("hex");
  const files = join(folder, name);
  const exitPaths = batch.map((_, index) => join(files, `${index}.exit`));
  const writeScripts = () => {
    // The scripts hold whole environments, which are nobody else's business.
    makeFolder(files, 0o700);
    for (const [index, { evaluation }] of batch.entries()) {
      writeFileSync(join(files, `${index}.sh`), evaluationScript(evaluation, exitPaths[index]!), { mode: 0o700 });
    }
  };
  const isArray = batch.length > 1;
  const ids = batch.map(({ evaluation }) => evaluation.id ?? "?").join(" ");
  const handIn = async (signal: AbortSignal): Promise<string> => {
    const answer = await runTool(
      "sbatch",
      [
        "--parsable",
        "--job-name=orion",
        `--comment=${`orion ${name}: ${ids}`.slice(0, 1000)}`,
        // Slurm starts a single job at once, but the tasks of an array only when it next looks through its queue.
        ...(isArray ? [`--array=0-${batch.length - 1}`] : []),
        `--output=${join(files, isArray ? "%a.log" : "0.log")}`,
        "--export=ALL",
        "--chdir=/",
        ...words,
      ],
      { input: arrayScript(files), signal },
    );
    return answer.trim().split(";")[0]!; // "JOB;CLUSTER" where there are several clusters
  };

  let job: string | undefined;
  try {
    inSharedFolder(folder, writeScripts);
    job = await insist({ batch, handIn, find: (signal) => findJob(name, signal) });
  } finally {
    // Should it be in the queue after all, it has nothing to do.
    if (job === undefined) rmSync(files, { recursive: true, force: true });
  }
  if (job === undefined) return undefined;
  return exitPaths.map((exitPath, index) => ({ job: isArray ? `${job}_${index}` : job, exitPath }));
}

interface Attempts {
  readonly batch: readonly Waiting[];
  readonly handIn: (signal: AbortSignal) => Promise<string>;
  /** The answer to an attempt may have been lost, and nothing may run twice. */
  readonly find: (signal: AbortSignal) => Promise<string | undefined>;
}

async function insist({ batch, handIn, find }: Attempts): Promise<string | undefined> {
  const signal = whenAllAre(batch.map(({ control }) => control.signal));
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      const found = pauseMs > firstPauseMs ? await find(signal) : undefined;
      return found ?? (await handIn(signal));
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof SlurmBusyError)) throw error;
      for (const { control } of batch) control.onNote?.(`${error.message}. Trying again.`);
    }
    await pause(pauseMs, undefined, { signal }).catch(() => {}); // aborted
  }
  return undefined;
}

/** Aborted when all of them are. */
function whenAllAre(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  const look = () => {
    if (signals.every(({ aborted }) => aborted)) all.abort();
  };
  for (const signal of signals) signal.addEventListener("abort", look, { once: true });
  look();
  return all.signal;
}
