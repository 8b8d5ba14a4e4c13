import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { SubmittedJob } from "./submit.js";
import { type JobState, listJobs, type QueuedJob } from "./tools.js";

/** How a job ended. */
export type JobEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  /** Without an exit code. `state` is Slurm's word for it, "FORGOTTEN" where Slurm does not know the job any more. */
  | { readonly kind: "gone"; readonly state: JobState }
  /** The machine could not start it. */
  | { readonly kind: "failed"; readonly reason: string };

/** Follows all jobs of this process: their files often, and the queue now and then, with one `squeue` for all. */
export interface Watcher {
  /** @param onNote - Told when it has waited in the queue for a while. */
  follow(job: SubmittedJob, onNote?: (note: string) => void): FollowedJob;
}

export interface FollowedJob {
  readonly ended: Promise<JobEnd>;
  /** From now on it ends only when no process of it is left, and it is looked at more often. */
  hurry(): void;
}

interface Followed {
  readonly job: SubmittedJob;
  readonly end: (end: JobEnd) => void;
  readonly onNote: (note: string) => void;
  /** Of its first look at the queue, in ms of the monotonic clock. */
  waitsSince: number | undefined;
  isHurried: boolean;
  /** Else Slurm knows why it ended. */
  isStoppedByUs: boolean;
  /** Since the queue does not list it as active any more, in ms of the monotonic clock. */
  goneSince: number | undefined;
}

/** States in which a job has processes, or may still get some. */
const isActive = (state: JobState | undefined): boolean =>
  state !== undefined &&
  /^(PENDING|CONFIGURING|RUNNING|SUSPENDED|REQUEUE|RESIZING|SIGNALING|STAGE|STOPPED|RESV|SPECIAL)/.test(state);
/** Its program has ended, some of its processes may not have. */
const isLeaving = (state: JobState | undefined): boolean => state === "COMPLETING";

/** The job's own shell ends well whatever the program does. */
const isEndedFromOutside = (state: JobState | undefined): state is JobState =>
  state !== undefined && state !== "COMPLETED";

/** It was taken from its machine, and Slurm may be about to put it back into its queue. */
const mayReturn = (state: JobState | undefined): boolean => state === "PREEMPTED" || state === "NODE_FAIL";
const returnDelayMs = 10_000;

/** A shared file system may show a file late. */
const fileDelayMs = 10_000;
const filePauseMs = 50;
const hurriedQueueMs = 200;

interface WatchOptions {
  /** Time between two looks at the queue. */
  readonly queueMs: number;
  /** For so long a job waits in the queue until that is told. */
  readonly patienceMs?: number;
}

export function startWatcher({ queueMs, patienceMs = 30_000 }: WatchOptions): Watcher {
  const followed = new Set<Followed>();
  /** Reasons for which jobs wait, as last told; forgotten when none waits any more. */
  let told = "";
  let isWatching = false;

  const finish = (entry: Followed, end: JobEnd) => {
    followed.delete(entry);
    entry.end(end);
  };

  const lookAtFiles = () => {
    for (const entry of followed) {
      if (entry.isHurried) continue; // the queue has to say that nothing is left of it
      const end = readExit(entry.job.exitPath);
      // It may have been ended from outside, and only the queue knows.
      if (end?.kind === "exited" && end.exitCode !== 0) entry.isHurried = true;
      else if (end !== undefined) finish(entry, end);
    }
  };

  const lookAtQueue = async () => {
    const asked = [...followed];
    let jobs: ReadonlyMap<string, QueuedJob>;
    try {
      jobs = await listJobs();
    } catch {
      return; // the controller is away for a while; the jobs go on
    }
    tellOfQueue(jobs);
    for (const entry of asked.filter((one) => followed.has(one))) {
      const state = jobs.get(entry.job.job)?.state;
      if (isActive(state) || isLeaving(state)) {
        entry.goneSince = undefined;
        continue;
      }
      entry.goneSince ??= performance.now();
      const isLate = performance.now() - entry.goneSince > returnDelayMs;
      if (mayReturn(state) && !entry.isStoppedByUs && !isLate) continue;
      const end = readExit(entry.job.exitPath);
      if (end !== undefined) {
        const isFailure = end.kind === "exited" && end.exitCode !== 0 && !entry.isStoppedByUs;
        finish(entry, isFailure && isEndedFromOutside(state) ? { kind: "gone", state } : end);
        continue;
      }
      // Only of a job that ended well, or that nobody remembers, a file may still have to come.
      const mayCome = state === undefined || state === "COMPLETED";
      if (!mayCome || performance.now() - entry.goneSince > fileDelayMs) {
        finish(entry, { kind: "gone", state: state ?? "FORGOTTEN" });
      }
    }
  };

  /** To the user a job that waits for hours looks like one that runs. */
  const tellOfQueue = (jobs: ReadonlyMap<string, QueuedJob>) => {
    const waiting = [...followed].filter((entry) => {
      const isWaiting = jobs.get(entry.job.job)?.state === "PENDING";
      entry.waitsSince = isWaiting ? (entry.waitsSince ?? performance.now()) : undefined;
      return isWaiting && performance.now() - entry.waitsSince! >= patienceMs;
    });
    const reasons = [...new Set(waiting.map(({ job }) => jobs.get(job.job)!.reason))].sort().join(", ");
    if (reasons !== told && reasons !== "") {
      const count = waiting.length === 1 ? "1 trial waits" : `${waiting.length} trials wait`;
      waiting[0]!.onNote(`${count} in Slurm's queue (${reasons}): see squeue --me.`);
    }
    told = reasons;
  };

  const watch = async () => {
    isWatching = true;
    try {
      let lastQueue = performance.now();
      while (followed.size > 0) {
        // Many files take longer to look at, and then the average wait is longer anyway.
        await pause(filePauseMs + followed.size);
        lookAtFiles();
        if (followed.size === 0) return;
        const isHurried = [...followed].some((entry) => entry.isHurried || entry.goneSince !== undefined);
        if (performance.now() - lastQueue < (isHurried ? Math.min(hurriedQueueMs, queueMs) : queueMs)) continue;
        await lookAtQueue();
        lastQueue = performance.now();
      }
    } finally {
      isWatching = false;
    }
  };

  return {
    follow: (job, onNote = () => {}) => {
      let entry: Followed | undefined;
      const ended = new Promise<JobEnd>((end) => {
        entry = {
          job,
          end,
          onNote,
          waitsSince: undefined,
          isHurried: false,
          isStoppedByUs: false,
          goneSince: undefined,
        };
        followed.add(entry);
      });
      if (!isWatching) void watch();
      return {
        ended,
        hurry: () => {
          entry!.isHurried = true;
          entry!.isStoppedByUs = true;
        },
      };
    },
  };
}

/** `undefined` while there is no exit code: no file, none that can be read, or half of one. */
function readExit(exitPath: string): JobEnd | undefined {
  const line = readShared(exitPath);
  if (!line?.endsWith("\n")) return undefined; // it is just being written
  const text = line.trim();
  return /^\d+$/.test(text) ? { kind: "exited", exitCode: Number(text) } : { kind: "failed", reason: text };
}

/** A file that another machine writes, and that another worker who follows the same job may remove at any time. */
function readShared(path: string): string | undefined {
  try {
    // To list the folder makes a network file system look at it anew.
    if (!existsSync(path) && !readdirSync(dirname(path)).includes(basename(path))) return undefined;
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // or the file system is away for a while; the queue says when the job is over
  }
}
