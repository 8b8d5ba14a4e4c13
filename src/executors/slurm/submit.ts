import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandEvaluation } from "../executor.js";
import { arrayScript, evaluationScript } from "./script.js";
import { inSharedFolder } from "./shared-folder.js";
import { runTool } from "./tools.js";

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
  /** @throws {ConfigurationError} when `sbatch` refuses it, or its script cannot be written. */
  submit(evaluation: CommandEvaluation): Promise<SubmittedJob>;
}

interface Waiting {
  readonly evaluation: CommandEvaluation;
  readonly resolve: (job: SubmittedJob) => void;
  readonly reject: (error: unknown) => void;
}

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
        const jobs = await submitArray(
          batch.map(({ evaluation }) => evaluation),
          options,
        );
        for (const [index, { resolve }] of batch.entries()) resolve(jobs[index]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isBusy = false;
  };

  return {
    submit: (evaluation) =>
      new Promise((resolve, reject) => {
        waiting.push({ evaluation, resolve, reject });
        if (!isBusy) void work();
      }),
  };
}

async function submitArray(
  evaluations: readonly CommandEvaluation[],
  { folder, words }: SubmitOptions,
): Promise<SubmittedJob[]> {
  const batch = join(folder, randomBytes(8).toString("hex"));
  const exitPaths = evaluations.map((_, index) => join(batch, `${index}.exit`));
  const isArray = evaluations.length > 1;
  const ids = evaluations.map(({ id }) => id ?? "?").join(" ");
  try {
    inSharedFolder(folder, () => {
      // The scripts hold whole environments, which are nobody else's business.
      mkdirSync(batch, { recursive: true, mode: 0o700 });
      for (const [index, evaluation] of evaluations.entries()) {
        writeFileSync(join(batch, `${index}.sh`), evaluationScript(evaluation, exitPaths[index]!), { mode: 0o700 });
      }
    });
    const answer = await runTool(
      "sbatch",
      [
        "--parsable",
        "--job-name=orion",
        `--comment=${`orion: ${ids}`.slice(0, 1000)}`,
        // Slurm starts a single job at once, but the tasks of an array only when it next looks through its queue.
        ...(isArray ? [`--array=0-${evaluations.length - 1}`] : []),
        `--output=${join(batch, isArray ? "%a.log" : "0.log")}`,
        "--export=ALL",
        "--chdir=/",
        ...words,
      ],
      arrayScript(batch),
    );
    const job = answer.trim().split(";")[0]!; // "JOB;CLUSTER" where there are several clusters
    return exitPaths.map((exitPath, index) => ({ job: isArray ? `${job}_${index}` : job, exitPath }));
  } catch (error) {
    rmSync(batch, { recursive: true, force: true });
    throw error;
  }
}
