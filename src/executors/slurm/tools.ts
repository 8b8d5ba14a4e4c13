import { type ExecFileException, execFile } from "node:child_process";
import { ConfigurationError } from "../../errors.js";

interface ToolOptions {
  /** What it reads. */
  readonly input?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Run one of Slurm's programs; what it prints. @throws {ConfigurationError} with what it complained of */
export function runTool(
  tool: string,
  words: readonly string[],
  { input = "", signal }: ToolOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(tool, words, { maxBuffer: 2 ** 28, signal }, (error, out, complaint) => {
      if (error === null) resolve(out);
      else reject(explain(tool, error, complaint));
    });
    child.stdin!.on("error", () => {}); // it did not want it
    child.stdin!.end(input);
  });
}

function explain(tool: string, error: ExecFileException, complaint: string): ConfigurationError {
  const { code, signal } = error;
  if (code === "ENOENT") {
    return new ConfigurationError(
      `The executor "slurm" needs the program ${tool}, which is not on the PATH.`,
      "Run this on a login node of the cluster, or install Slurm's commands there (Debian: apt install slurm-client).",
      { cause: error },
    );
  }
  const ended = signal == null ? `it ended with code ${code}` : `it was killed by ${signal}`;
  const said = complaint.trim().split("\n").at(-1) || ended;
  const Refusal = passing.test(complaint) ? SlurmBusyError : ConfigurationError;
  return new Refusal(
    `${tool} refused: ${said.replace(/^\w+: (error|fatal): /, "")}`,
    "Try the same with sbatch by hand; the options partition, account, qos, time, mem, gres, constraint, cpus_per_task and arguments go to it.",
    { cause: error },
  );
}

/** The cluster cannot answer, or takes no more jobs of this user, just now: the same may succeed later. */
export class SlurmBusyError extends ConfigurationError {}

/** A controller that is restarted or overrun, a limit on jobs that wait or run, a partition under maintenance. */
const passing =
  /unable to contact slurm controller|controller not responding|standby mode|timed out|zero bytes were transmitted|connection refused|temporarily un|MaxSubmitJob|inactive or drain/i;

/** Slurm's word for how it is with a job, such as "PENDING". */
export type JobState = string;

/** A job, or a task of a job array, as `squeue` sees it. */
export interface QueuedJob {
  readonly state: JobState;
  /** Why it waits, such as "Resources". */
  readonly reason: string;
}

/** Each job of the user that the cluster still knows, by `JOB_TASK`. Ended ones are known for a while. */
export async function listJobs(): Promise<ReadonlyMap<string, QueuedJob>> {
  const lines = await runTool("squeue", ["--me", "--states=all", "--noheader", "--array", "--format=%i|%T|%r"]);
  return new Map(
    lines.split("\n").flatMap((line) => {
      const [job, state, reason = ""] = line.split("|");
      return state === undefined ? [] : [[job!, { state, reason }]];
    }),
  );
}

/** The job whose comment has this word, also if it has just ended; `undefined` for none. */
export async function findJob(word: string, signal: AbortSignal): Promise<string | undefined> {
  const words = ["--me", "--states=all", "--noheader", "--format=%F|%k"];
  const lines = (await runTool("squeue", words, { signal })).split("\n");
  return /^\s*(\d+)\|/.exec(lines.find((line) => line.includes(word)) ?? "")?.[1];
}

/**
 * Stop running jobs: their shells send TERM, or KILL, to the groups of their programs (see `evaluationScript`). Those
 * that wait for a machine are cancelled.
 */
export async function stopJobs(jobs: readonly string[], signal: "TERM" | "KILL"): Promise<void> {
  // Each may fail for jobs that are just ending: what became of them is seen elsewhere.
  await runTool("scancel", ["--quiet", "--state=PENDING", ...jobs]).catch(() => {});
  const word = signal === "KILL" ? "USR1" : "TERM";
  await runTool("scancel", ["--quiet", "--batch", `--signal=${word}`, ...jobs]).catch(() => {});
}

/** End a job whatever its shell does. */
export async function cancelJob(job: string): Promise<void> {
  await runTool("scancel", ["--quiet", job]).catch(() => {});
}
