import { StorageError } from "../errors.js";
import type { NextTrial } from "../experiment/experiment.js";
import { isQuiet } from "../experiment/is-done.js";
import type { Trial } from "../trial/trial.js";
import { createBell } from "./bell.js";
import { createEnding, type WorkerEnd } from "./ending.js";
import { createLookahead } from "./lookahead.js";
import { startPacemaker } from "./pacemaker.js";
import { type Held, openPlaces } from "./places.js";
import { createReporter } from "./report.js";
import { createSettler } from "./settle.js";
import { createWorkFinder, unlessAway } from "./work-finder.js";
import type { WorkerOptions } from "./worker-options.js";

/**
 * Reserve, evaluate, report, until there is nothing left to do. All state that matters is in the database: this
 * process may die at any line, and any number of others may do the same beside it.
 *
 * @throws {EvaluationError} when the program cannot be started, or the very first trial reports nothing.
 * @throws {IdleError} when nothing can be started for the idle timeout though nobody is at work.
 * @throws {StorageError} when the database stays away for longer than the idle timeout while nothing runs.
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerEnd> {
  const { experiment, events, nWorkers, signal } = options;
  const { storage, record } = experiment;
  const bell = createBell();
  const lookahead = createLookahead();
  /** The next trial is then worth starting only if the results so far do not end the search. */
  const isLimited = Object.keys(record.definition.limits ?? {}).length > 0;
  const pacemaker = startPacemaker({
    storage,
    worker: options.worker,
    leaseMs: options.heartbeatMs,
    onTrouble: events.trouble,
    onRecovered: events.recovered,
    now: options.now,
  });
  const findWork = createWorkFinder({ ...options, keep: (lease) => pacemaker.hold(lease, () => {}).letGo });
  const reporter = createReporter(options);
  const ending = createEnding(() => {
    places.stop();
    bell.ring();
  });
  const settler = createSettler({ ...options, reporter, ending });
  const places = openPlaces({
    nWorkers,
    pacemaker,
    isEnding: () => ending.end !== undefined,
    run,
    giveBack,
    mostWaitMs: lookahead.mostWaitMs,
    onWaitedLong: lookahead.misjudged,
    onLost: events.lost,
    onChange: bell.ring,
  });

  signal.addEventListener("abort", ending.interrupt, { once: true });
  if (signal.aborted) ending.interrupt();
  try {
    for (;;) {
      const changed = bell.next();
      const reason = await takeWork();
      if (reason !== undefined) await endIfOver(reason);
      if (places.activeCount > 0) findWork.busy();
      else await endIfUseless(reason);
      if (ending.end !== undefined && places.activeCount === 0) break;
      if (reason === undefined || ending.end !== undefined) await changed;
      else await findWork.news({ reason, ended: [changed] });
    }
  } finally {
    ending.interrupt();
    await places.empty();
    pacemaker.stop();
    signal.removeEventListener("abort", ending.interrupt);
  }
  if (ending.failure !== undefined) throw ending.failure;
  return { ...ending.end!, completed: settler.completed, broken: settler.broken };

  /** Take trials as long as there is room for them. Returns why there are no more, if that was the answer. */
  async function takeWork(): Promise<NoTrial | undefined> {
    while (ending.end === undefined && hasRoom()) {
      const next = await claim();
      if (next?.kind !== "trial") return next;
      places.take(next.trial);
    }
    return undefined;
  }

  /** True while another trial may be taken. */
  function hasRoom(): boolean {
    const { runningCount, readyCount, activeCount } = places;
    const aheadCount = settler.broken === 0 && !isLimited ? lookahead.readyCount(nWorkers) : 0;
    if (runningCount + readyCount >= nWorkers + aheadCount) return false;
    return settler.completed + activeCount + readyCount < options.maxTrials;
  }

  /** A trial, or why there is none; `undefined` when the database is lost for good, but scripts are still running. */
  async function claim(): Promise<NextTrial | undefined> {
    if (places.runningCount + places.readyCount > 0) await pacemaker.catchUp();
    const began = performance.now();
    try {
      const next = await findWork.claim(places.activeCount === 0);
      if (next.kind === "trial") lookahead.claimed(performance.now() - began);
      return next;
    } catch (error) {
      if (places.activeCount === 0 || !(error instanceof StorageError)) throw error;
      failAfter(places.activeCount, error); // results wait in files
      return undefined;
    }
  }

  /** From the start of a program until its outcome is recorded. */
  async function run(held: Held, vacate: () => void): Promise<void> {
    const { trial, signal } = held;
    try {
      events.started(trial);
      const began = performance.now();
      const verdict = await options.evaluate(trial, signal);
      held.evaluated();
      if (verdict.kind === "completed") lookahead.evaluated(performance.now() - began);
      const settled = settler.settle(held, verdict);
      // A failure may be the last one that is allowed, so it is counted before anything else starts.
      if (verdict.kind === "completed" && !isLimited) vacate();
      await settled;
    } catch (error) {
      // A lease that cannot be given back runs out by itself.
      await reporter.release(trial, "interrupted").catch(() => {});
      failAfter(places.activeCount - 1, error);
    }
  }

  /** Take no more trials. The others that run are not to blame and may have run for hours: they go on to their ends. */
  function failAfter(othersCount: number, error: unknown): void {
    if (othersCount > 0 && ending.end === undefined) events.failing(error);
    ending.finishFailed(error); // the first error is the one to report
  }

  /** A trial that never began is as it was before we took it. A lease that cannot be given back runs out by itself. */
  async function giveBack(trial: Trial): Promise<void> {
    await reporter.release(trial, trial.epoch > 1 ? "interrupted" : "new").catch(() => {});
  }

  /** End where there will be no more trials, whoever asks. */
  async function endIfOver(reason: NoTrial): Promise<void> {
    if ("revision" in reason) return; // to be asked again when the history has moved on
    if (reason.kind === "exhausted" && !(await isAllOver())) return;
    ending.finish(reason);
  }

  /** A finite space that is covered is over only when nobody is at work any more: a trial may still be lost. */
  async function isAllOver(): Promise<boolean> {
    return places.activeCount === 0 && (await unlessAway(isQuiet(storage, record.id), false));
  }

  /** With nothing running, end where this worker has done its part, or others do the rest. */
  async function endIfUseless(reason: NoTrial | undefined): Promise<void> {
    if (settler.completed >= options.maxTrials) ending.finish({ kind: "worker-limit" });
    if (ending.end !== undefined || reason === undefined) return;
    if (await findWork.isIdleTooLong()) ending.finish({ kind: "left-to-others" });
  }
}

/** Why there is no trial. */
type NoTrial = Exclude<NextTrial, { readonly kind: "trial" }>;
