import { EvaluationError, IdleError, StorageError } from "../errors.js";
import type { Experiment, NextTrial } from "../experiment/experiment.js";
import type { Failure, Result, Trial, WorkerId } from "../trial/trial.js";
import { leaseOf, startPacemaker } from "./pacemaker.js";
import { createReporter } from "./report.js";

/** What came of an evaluation. */
export type Verdict =
  | { readonly kind: "completed"; readonly results: readonly Result[] }
  | {
      readonly kind: "broken";
      readonly failure: Failure;
      /** The program ended well but reported nothing usable: most likely it never does. How to mend that. */
      readonly remedyOfMissingResult?: string;
    }
  /** Stopped before its end: by the program itself (its interrupt code), or because we were told to stop. */
  | { readonly kind: "interrupted"; readonly isByProgram: boolean };

/** Runs one trial. Rejects when it could not be started at all; then the trial is not to blame. */
export type Evaluate = (trial: Trial, signal: AbortSignal) => Promise<Verdict>;

/** What a worker tells while it runs; all optional to listen to. */
export interface WorkerEvents {
  started(trial: Trial): void;
  ended(trial: Trial, verdict: Verdict): void;
  /** The results arrived when somebody else had finished the trial, or removed it. */
  late(trial: Trial, fate: "kept" | "removed"): void;
  /** The database does not answer; the worker goes on trying. */
  trouble(error: unknown): void;
  /** Results are in a file, since the database did not take them. */
  spooled(trial: Trial, path: string): void;
}

export interface WorkerOptions {
  readonly experiment: Experiment;
  readonly worker: WorkerId;
  readonly evaluate: Evaluate;
  /** Trials to run at the same time. */
  readonly nWorkers: number;
  /** Trials that this worker may complete; may be Infinity. */
  readonly maxTrials: number;
  /** Broken trials after which this worker stops; may be Infinity. */
  readonly maxBroken: number;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
  /** Aborted: take no more work, stop what runs, release it. */
  readonly signal: AbortSignal;
  /** Where results wait while the database is away: the directory of the trial. */
  readonly directoryOf: (trial: Trial) => string;
  /** True when the process of a worker is certainly dead. */
  readonly isGone: (worker: WorkerId) => boolean;
  readonly events: WorkerEvents;
}

/** Why a worker ended, and what it did. */
export interface WorkerEnd {
  readonly kind: "done" | "exhausted" | "broken" | "worker-limit" | "worker-broken" | "left-to-others" | "interrupted";
  readonly completed: number;
  readonly broken: number;
}

/** How often the database is asked for news while there is nothing to start, and how often leases are looked through. */
const pollMs = 100;
const takeoverMs = 1000;

/**
 * Reserve, evaluate, report, until there is nothing left to do. All state that matters is in the database: this
 * process may die at any line, and any number of others may do the same beside it.
 *
 * @throws {EvaluationError} when the program cannot be started, or the very first trial reports nothing.
 * @throws {IdleError} when nothing can be started for the idle timeout though nobody is at work.
 * @throws {StorageError} when the database stays away for longer than the idle timeout while nothing runs.
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerEnd> {
  const { experiment, worker, events, signal, heartbeatMs } = options;
  const { storage, record } = experiment;
  const running = new Map<Trial, { ended: Promise<void>; stop: () => void }>();
  const pacemaker = startPacemaker({ storage, worker, leaseMs: heartbeatMs, onTrouble: events.trouble });
  const reporter = createReporter(options);
  let completed = 0;
  let broken = 0;
  let end: WorkerEnd["kind"] | undefined;
  let failure: unknown;

  const stopAll = () => {
    end ??= "interrupted";
    for (const { stop } of running.values()) stop();
  };
  const fail = (error: unknown) => {
    failure ??= error;
    stopAll();
  };
  signal.addEventListener("abort", stopAll, { once: true });
  if (signal.aborted) stopAll();

  async function handle(trial: Trial, abort: AbortController): Promise<void> {
    const lease = pacemaker.hold(leaseOf(trial), () => abort.abort());
    try {
      events.started(trial);
      const verdict = await options.evaluate(trial, abort.signal);
      await settle(trial, verdict);
    } catch (error) {
      // The first error is the one to report; a lease that cannot be given back runs out by itself.
      await reporter.release(trial, "interrupted").catch(() => {});
      fail(error);
    } finally {
      lease.letGo();
      running.delete(trial);
    }
  }

  async function settle(trial: Trial, verdict: Verdict): Promise<void> {
    if (verdict.kind === "completed") {
      const fate = await reporter.finish(trial, verdict.results);
      if (fate === "completed") completed++;
      else if (fate !== "spooled") events.late(trial, fate);
    } else if (verdict.kind === "broken") {
      await reporter.release(trial, "broken", verdict.failure);
      broken++;
      if (broken >= options.maxBroken) end ??= "worker-broken";
      if (verdict.remedyOfMissingResult !== undefined && (await isFirst())) {
        fail(new EvaluationError(`Trial ${trial.id}: ${verdict.failure.reason}`, verdict.remedyOfMissingResult));
      }
    } else {
      await reporter.release(trial, "interrupted");
      if (verdict.isByProgram) stopAll();
    }
    events.ended(trial, verdict);
  }

  /** A program that has never reported anything will not start to: better stop than break one trial after the other. */
  async function isFirst(): Promise<boolean> {
    return completed === 0 && (await storage.summarize(record.id)).counts.completed === 0;
  }

  const findWork = createWorkFinder(options);
  try {
    for (;;) {
      let reason: NextTrial | undefined;
      while (end === undefined && running.size < options.nWorkers && completed + running.size < options.maxTrials) {
        const next = await findWork.claim(running.size === 0);
        if (next.kind !== "trial") {
          reason = next;
          break;
        }
        const abort = new AbortController();
        if (end !== undefined) abort.abort(); // told to stop while the trial was being reserved
        const entry = { ended: Promise.resolve(), stop: () => abort.abort() };
        running.set(next.trial, entry);
        entry.ended = handle(next.trial, abort);
      }
      if (reason !== undefined && (await isOver(reason))) end ??= reason.kind as WorkerEnd["kind"];
      if (running.size === 0) {
        if (completed >= options.maxTrials) end ??= "worker-limit";
        if (end !== undefined) break;
        if (reason !== undefined && (await findWork.isIdleTooLong())) end = "left-to-others";
        if (end !== undefined) break;
      } else {
        findWork.busy();
      }
      const ended = [...running.values()].map((entry) => entry.ended);
      if (reason === undefined || end !== undefined) await Promise.race(ended);
      else await findWork.news({ reason, ended });
    }
  } finally {
    stopAll();
    await Promise.all([...running.values()].map((entry) => entry.ended));
    pacemaker.stop();
    signal.removeEventListener("abort", stopAll);
  }
  if (failure !== undefined) throw failure;
  return { kind: end, completed, broken };

  /** A finite space that is covered is over only when nobody is at work any more: a trial may still be lost. */
  async function isOver(reason: NextTrial): Promise<boolean> {
    if (reason.kind === "done" || reason.kind === "broken") return true;
    if (reason.kind !== "exhausted") return false;
    return running.size === 0 && (await storage.listOwners(record.id)).length === 0;
  }
}

/** Finds something to do, and knows how long there has been nothing. */
function createWorkFinder({ experiment, worker, heartbeatMs, idleTimeoutMs, isGone, events, signal }: WorkerOptions) {
  const { storage, record } = experiment;
  let idleSince: number | undefined;
  let lookedForGone = Number.NEGATIVE_INFINITY;

  const others = async () => (await storage.listOwners(record.id)).filter((owner) => owner !== worker);

  /** Asking for each owner's process costs a little, so it is done now and then only. */
  async function goneWorkers(): Promise<readonly WorkerId[]> {
    const now = performance.now();
    if (now - lookedForGone < takeoverMs) return [];
    lookedForGone = now;
    return (await others()).filter(isGone);
  }

  async function pause(ms: number, until: readonly Promise<unknown>[] = []): Promise<void> {
    const ended = new AbortController();
    const asleep = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      ended.signal.addEventListener("abort", wake);
      signal.addEventListener("abort", wake, { signal: ended.signal });
    });
    await Promise.race([asleep, ...until]);
    ended.abort();
  }

  return {
    /** A trial, or why there is none. While nothing runs, a database that is away is waited for. */
    async claim(isIdle: boolean): Promise<NextTrial> {
      for (let backoffMs = pollMs; ; backoffMs = Math.min(backoffMs * 2, 5000)) {
        try {
          const next = await experiment.nextTrial({ worker, leaseMs: heartbeatMs, goneWorkers: await goneWorkers() });
          if (next.kind === "trial") idleSince = undefined;
          return next;
        } catch (error) {
          if (!(error instanceof StorageError) || !error.retryable) throw error;
          events.trouble(error);
          idleSince ??= performance.now();
          if (isIdle && performance.now() - idleSince > idleTimeoutMs) throw error;
          if (!isIdle || signal.aborted) return { kind: "busy", revision: -1 };
          await pause(backoffMs);
        }
      }
    },

    busy(): void {
      idleSince = undefined;
    },

    /** @throws {IdleError} when nobody else is at work either. */
    async isIdleTooLong(): Promise<boolean> {
      idleSince ??= performance.now();
      if (performance.now() - idleSince < idleTimeoutMs) return false;
      if ((await others()).length > 0) return true;
      throw new IdleError(
        `Nothing could be started for ${idleTimeoutMs / 1000} seconds, though no other worker is at work.`,
        "The algorithm waits for results that nobody is producing: see `orion status`, and please report it.",
      );
    },

    /** Resolves when the history changed, a trial of ours ended, or it is time to look through the leases. */
    async news({ reason, ended }: { reason: NextTrial; ended: readonly Promise<void>[] }): Promise<void> {
      const known = "revision" in reason ? reason.revision : undefined;
      const any = ended.length === 0 ? [] : [Promise.race(ended).then(() => "ended" as const)];
      for (let waitedMs = 0; waitedMs < takeoverMs && !signal.aborted; waitedMs += pollMs) {
        const woken = await Promise.race([pause(pollMs, any), ...any]);
        if (woken === "ended") return;
        const revision = await storage.readRevision(record.id).catch(() => known);
        if (known !== undefined && revision !== known) return;
      }
    },
  };
}
