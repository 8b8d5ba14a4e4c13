import { EvaluationError, StorageError } from "../errors.js";
import type { NextTrial } from "../experiment/experiment.js";
import type { Failure, Result, Trial, WorkerId } from "../trial/trial.js";
import { createLookahead } from "./lookahead.js";
import { leaseOf, startPacemaker } from "./pacemaker.js";
import { createReporter } from "./report.js";
import { createWorkFinder, unlessAway } from "./work-finder.js";
import type { WorkerExperiment } from "./worker-experiment.js";

/** What came of an evaluation. */
export type Verdict =
  | {
      readonly kind: "completed";
      readonly results: readonly Result[];
      /** The step at which it was stopped early, and why. */
      readonly stopped?: { readonly at: number; readonly reason: string };
    }
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
  /** Its lease belongs to somebody else now, or to nobody; the program is told to stop. */
  lost(trial: Trial): void;
  /** The database does not answer as it should; the worker goes on trying where that makes sense. */
  trouble(error: unknown): void;
  /** Results are in a file, since the database did not take them. */
  spooled(trial: Trial, path: string): void;
  /** Neither the database nor any file took the results: to be told to somebody before they are forgotten. */
  nowhere(trial: Trial, results: readonly Result[]): void;
}

export interface WorkerOptions {
  readonly experiment: WorkerExperiment;
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
  /** Where results wait while the database is away: name of the file, and folders in order of preference. */
  readonly spoolOf: (trial: Trial) => { readonly name: string; readonly folders: readonly string[] };
  /** True when the process of a worker is certainly dead. */
  readonly isGone: (worker: WorkerId) => boolean;
  /** Milliseconds of a clock that goes on while the machine sleeps. */
  readonly now: () => number;
  readonly events: WorkerEvents;
}

/** Why a worker ended, and what it did. */
export interface WorkerEnd {
  readonly kind:
    | "done"
    | "exhausted"
    | "stopped"
    | "broken"
    | "worker-limit"
    | "worker-broken"
    | "left-to-others"
    | "interrupted";
  readonly completed: number;
  readonly broken: number;
  /** For `stopped`: the limit of the search that is reached, as a sentence. */
  readonly reason?: string;
}

/** True when the search itself is over, and not only this worker's part in it. */
export function endsSearch({ kind }: WorkerEnd): boolean {
  return kind === "done" || kind === "exhausted" || kind === "stopped";
}

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
  /** Trials whose programs run: each takes one of the places. */
  const running = new Set<Held>();
  /** Trials that were taken ahead and wait for a place. */
  const ready: Held[] = [];
  /** From the start of a program until its outcome is recorded. */
  const active = new Set<Promise<void>>();
  const pacemaker = startPacemaker({
    storage,
    worker,
    leaseMs: heartbeatMs,
    onTrouble: events.trouble,
    now: options.now,
  });
  const reporter = createReporter(options);
  const lookahead = createLookahead();
  const bell = createBell();
  let completed = 0;
  let broken = 0;
  let end: WorkerEnd["kind"] | undefined;
  let stopReason: string | undefined;
  let failure: unknown;

  const stopAll = () => {
    end ??= "interrupted";
    for (const { abort } of running) abort.abort();
    bell.ring();
  };
  const fail = (error: unknown) => {
    failure ??= error;
    stopAll();
  };
  signal.addEventListener("abort", stopAll, { once: true });
  if (signal.aborted) stopAll();

  /** Keep the lease of a trial alive from the moment it is ours. */
  function hold(trial: Trial): Held {
    const abort = new AbortController();
    const held: Held = { trial, abort, isLost: false, letGo: () => lease.letGo() };
    const lease = pacemaker.hold(leaseOf(trial), () => {
      held.isLost = true;
      events.lost(trial);
      abort.abort();
    });
    return held;
  }

  function start(held: Held): void {
    running.add(held);
    const ended = handle(held).finally(() => {
      active.delete(ended);
      bell.ring();
    });
    active.add(ended);
  }

  /** The place of a trial is free, and the next one gets it before anything else is done. */
  function vacate(held: Held): void {
    if (!running.delete(held)) return;
    while (end === undefined && running.size < options.nWorkers && ready.length > 0) {
      const next = ready.shift()!;
      if (next.isLost) next.letGo();
      else start(next);
    }
    bell.ring();
  }

  async function handle(held: Held): Promise<void> {
    const { trial, abort } = held;
    try {
      events.started(trial);
      const began = performance.now();
      const verdict = await options.evaluate(trial, abort.signal);
      // A failure may be the last one that is allowed, so it is counted before anything else starts.
      if (verdict.kind === "completed") {
        lookahead.evaluated(performance.now() - began);
        const settled = settle(held, verdict);
        vacate(held);
        await settled;
      } else {
        await settle(held, verdict);
      }
    } catch (error) {
      // The first error is the one to report; a lease that cannot be given back runs out by itself.
      await reporter.release(trial, "interrupted").catch(() => {});
      fail(error);
    } finally {
      held.letGo();
      vacate(held);
    }
  }

  async function settle({ trial, isLost }: Held, verdict: Verdict): Promise<void> {
    if (verdict.kind === "completed") {
      const fate = await reporter.finish(trial, verdict);
      if (fate === "completed") completed++;
      else if (fate !== "spooled") events.late(trial, fate);
    } else if (verdict.kind === "broken") {
      if (!(await reporter.release(trial, "broken", verdict.failure))) {
        // Somebody else has the trial now, and perhaps its directory: what went wrong here says nothing about it.
        if (!isLost) events.lost(trial);
        return events.ended(trial, { kind: "interrupted", isByProgram: false });
      }
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
    if (completed > 0) return false;
    const summary = await unlessAway(storage.summarize(record.id), undefined);
    return summary?.counts.completed === 0;
  }

  /** A trial, or why there is none; `undefined` when the database is lost for good, but scripts are still running. */
  async function claim(): Promise<NextTrial | undefined> {
    if (running.size + ready.length > 0) await pacemaker.catchUp();
    const began = performance.now();
    try {
      const next = await findWork.claim(active.size === 0);
      if (next.kind === "trial") lookahead.claimed(performance.now() - began);
      return next;
    } catch (error) {
      if (active.size === 0 || !(error instanceof StorageError)) throw error;
      // They are not to blame: they go on to their ends, and their results wait in files.
      failure ??= error;
      end ??= "interrupted";
      return undefined;
    }
  }

  /** True while another trial may be taken. */
  function hasRoom(): boolean {
    const places = options.nWorkers + (broken === 0 ? lookahead.readyCount(options.nWorkers) : 0);
    return running.size + ready.length < places && completed + active.size + ready.length < options.maxTrials;
  }

  const findWork = createWorkFinder(options);
  try {
    for (;;) {
      const changed = bell.next();
      let reason: NextTrial | undefined;
      while (end === undefined && hasRoom()) {
        const next = await claim();
        if (next === undefined) break;
        if (next.kind !== "trial") {
          reason = next;
          break;
        }
        const held = hold(next.trial);
        // Told to stop while the trial was being reserved: it is given back as it was.
        if (end !== undefined || running.size >= options.nWorkers) ready.push(held);
        else start(held);
      }
      if (reason?.kind === "stopped") stopReason = reason.reason;
      if (reason !== undefined && (await isOver(reason))) end ??= reason.kind as WorkerEnd["kind"];
      if (active.size === 0) {
        if (completed >= options.maxTrials) end ??= "worker-limit";
        if (end !== undefined) break;
        if (reason !== undefined && (await findWork.isIdleTooLong())) end = "left-to-others";
        if (end !== undefined) break;
      } else {
        findWork.busy();
      }
      if (reason === undefined || end !== undefined) await changed;
      else await findWork.news({ reason, ended: [changed] });
    }
  } finally {
    stopAll();
    await Promise.all([...active, ...ready.map(giveBack)]);
    pacemaker.stop();
    signal.removeEventListener("abort", stopAll);
  }
  if (failure !== undefined) throw failure;
  return { kind: end, completed, broken, ...(stopReason === undefined ? {} : { reason: stopReason }) };

  /** A trial that never began is as it was before we took it. A lease that cannot be given back runs out by itself. */
  async function giveBack({ trial, letGo }: Held): Promise<void> {
    letGo();
    await reporter.release(trial, trial.epoch > 1 ? "interrupted" : "new").catch(() => {});
  }

  /** A finite space that is covered is over only when nobody is at work any more: a trial may still be lost. */
  async function isOver(reason: NextTrial): Promise<boolean> {
    if (reason.kind === "done" || reason.kind === "broken" || reason.kind === "stopped") return true;
    if (reason.kind !== "exhausted") return false;
    return active.size === 0 && (await unlessAway(storage.listOwners(record.id), undefined))?.length === 0;
  }
}

/** A trial that is leased to this worker. */
interface Held {
  readonly trial: Trial;
  readonly abort: AbortController;
  /** Its lease is known to belong to somebody else, or to nobody. */
  isLost: boolean;
  readonly letGo: () => void;
}

/** Wakes whoever waits for the next ring. */
function createBell(): { ring(): void; next(): Promise<void> } {
  let wake = () => {};
  let rung = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return {
    ring: () => {
      wake();
      rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    next: () => rung,
  };
}
