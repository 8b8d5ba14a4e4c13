import type { Experiment } from "../experiment/experiment.js";
import type { Failure, Trial } from "../trial/trial.js";
import { endsSearch, type WorkerEnd } from "../worker/ending.js";
import { evaluateFunction } from "../worker/evaluate-function.js";
import { impatient } from "../worker/impatient.js";
import type { ReportWatch } from "../worker/report-watch.js";
import { runWorker } from "../worker/run-worker.js";
import { spoolPlace } from "../worker/spool-place.js";
import {
  prepareTrialDirectory,
  removeEmptyRoot,
  removeKeptDirectories,
  removeTrialDirectory,
} from "../worker/trial-directory/trial-directory.js";
import type { TrialFiles } from "../worker/trial-directory/trial-files.js";
import type { TrialRoot } from "../worker/trial-directory/trial-root.js";
import type { Evaluate, Verdict } from "../worker/verdict.js";
import type { WorkerStorage } from "../worker/worker-experiment.js";
import { createWorkerId, isGone } from "../worker/worker-id.js";
import type { LentExecutor } from "./executor-choice.js";
import {
  type Callable,
  evaluationOf,
  refuseCollisions,
  requireSendable,
  type TrialInfo,
  type WorkonOptions,
} from "./objective.js";
import { bareParams } from "./read-space.js";
import { brokenError } from "./suggest.js";
import type { Warnings } from "./warnings.js";
import type { Setup } from "./world.js";

/** Watch what is reported, and tell it to this storage. */
export type OpenReports = (storage: WorkerStorage) => ReportWatch;

interface Work<Params> {
  readonly setup: Setup;
  readonly experiment: Experiment;
  readonly root: TrialRoot;
  readonly warnings: Warnings;
  readonly openReports: OpenReports;
  readonly callable: Callable;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
  readonly options: Omit<WorkonOptions<Params>, "idleTimeout" | "signal" | "executor">;
  readonly lendExecutor: (nWorkers: number) => Promise<LentExecutor>;
  readonly signal: AbortSignal;
  /** Resolves when the client begins to close; then `signal` is aborted, too. */
  readonly closing: Promise<unknown>;
}

/**
 * Be one worker that calls a function.
 *
 * @returns How many trials it completed.
 * @throws {UsageError} for constants that collide with parameters or cannot be sent to a module, or an executor that
 *   cannot run the function.
 * @throws {BrokenExperimentError} when too many trials failed.
 * @throws {EvaluationError} when the directory of a trial cannot be made.
 */
export async function workon<Params>(work: Work<Params>): Promise<number> {
  const { setup, experiment, root, warnings, options } = work;
  const { world } = setup;
  const nWorkers = setup.pick("worker.n_workers", { name: "nWorkers", value: options.nWorkers });
  const limits = {
    maxTrials: setup.pick("worker.max_trials", { name: "maxTrialsPerWorker", value: options.maxTrialsPerWorker }),
    maxBroken: setup.pick("worker.max_broken", { name: "maxBroken", value: options.maxBroken }),
  };
  const cap = setup.pick("experiment.max_trials", { name: "maxTrials", value: options.maxTrials });
  const constants: object = options.constants ?? {};
  refuseCollisions(experiment.space, constants);
  requireSendable(work.callable, constants);

  using lent = await work.lendExecutor(nWorkers);
  const directories = keepDirectories(root);
  const caller = tellCaller(options);
  const signal = AbortSignal.any([work.signal, caller.signal]);
  const budgeted = options.maxTrials === undefined ? experiment : withBudget(experiment, cap);
  using hurried = impatient(budgeted, signal);
  const reports = work.openReports(hurried.storage);
  const end = await runWorker({
    ...limits,
    experiment: hurried,
    worker: createWorkerId({ pid: world.pid, nonce: world.randomHex(8) }),
    nWorkers,
    heartbeatMs: work.heartbeatMs,
    idleTimeoutMs: work.idleTimeoutMs,
    signal,
    isGone,
    now: world.now,
    spoolOf: (trial) => spoolPlace(root, trial),
    evaluate: blameless(
      directories,
      evaluateFunction({
        executor: lent.executor,
        reports,
        graceMs: 1000 * setup.pick("worker.grace", { name: "grace", value: undefined }),
        callOf: (trial) =>
          evaluationOf({
            callable: work.callable,
            params: { ...bareParams(trial.params), ...constants },
            ...(work.callable.kind === "module" ? { files: directories.make(trial) } : {}),
            trial: infoOf(trial, { experiment, directories, isPlain: work.callable.kind === "module" }),
          }),
      }),
    ),
    events: {
      ...warnings,
      started: () => {},
      ended: (trial, verdict) => {
        if (verdict.kind === "completed") directories.remove(trial);
        caller.ended(trial, verdict);
      },
    },
  }).finally(() => {
    reports.close();
    removeEmptyRoot(root);
  });
  // one that has only had its own share may be gone on with
  if (endsSearch(end) && options.maxTrials === undefined) {
    await removeKeptDirectories(root, experiment);
    removeEmptyRoot(root);
  }
  // A listener that closes the client waits for this call to end.
  await Promise.race([caller.settle(), work.closing]);
  return completedOf(end, { name: experiment.record.name, failure: caller.lastFailure });
}

/** The same experiment for somebody who wants fewer trials. */
function withBudget(experiment: Experiment, maxTrials: number): Experiment {
  return { ...experiment, nextTrial: (claim, keep) => experiment.nextTrial({ ...claim, maxTrials }, keep) };
}

interface Directories {
  /** Make it, if it is not there. @throws {EvaluationError} when it cannot be made. */
  make(trial: Trial): TrialFiles;
  /** Why that of a trial could not be made, if it could not. */
  failureOf(trial: Trial): unknown;
  /** Remove that of a completed trial, if there is one. */
  remove(trial: Trial): void;
}

function keepDirectories(root: TrialRoot): Directories {
  const made = new WeakMap<Trial, TrialFiles>(); // nobody says when a trial that is not completed is done with
  const failures = new WeakMap<Trial, unknown>();
  const prepare = (trial: Trial) => {
    try {
      return prepareTrialDirectory(root, trial); // its results file tells others that we are in it
    } catch (error) {
      failures.set(trial, error);
      throw error;
    }
  };
  return {
    make: (trial) => {
      const files = made.get(trial) ?? prepare(trial);
      made.set(trial, files);
      return files;
    },
    failureOf: (trial) => failures.get(trial),
    remove: (trial) => {
      // A resumed trial may have left one that was not asked for this time.
      if (made.delete(trial) || trial.epoch > 1) removeTrialDirectory(root, trial);
    },
  };
}

/** A trial is not to blame when its function asked for a directory that cannot be made: rejects with the reason. */
function blameless(directories: Directories, evaluate: Evaluate): Evaluate {
  return async (trial, signal) => {
    const verdict = await evaluate(trial, signal);
    const failure = directories.failureOf(trial);
    if (verdict.kind === "broken" && failure !== undefined) throw failure;
    return verdict;
  };
}

interface InfoOptions {
  readonly experiment: Experiment;
  readonly directories: Directories;
  /** Everything in it is known at once. */
  readonly isPlain: boolean;
}

function infoOf(trial: Trial, { experiment, directories, isPlain }: InfoOptions): TrialInfo {
  const { name, version } = experiment.record;
  const { id, number, parent = null, facts } = trial;
  const info = { id, number, parent, facts, experiment: { name, version } };
  if (isPlain) return { ...info, workingDir: directories.make(trial).directory };
  return {
    ...info,
    get workingDir() {
      return directories.make(trial).directory;
    },
  };
}

/** Tells the caller how trials end; if it fails at that, `signal` stops the work and `settle` rejects with why. */
function tellCaller<Params>({ onCompleted, onError }: Pick<WorkonOptions<Params>, "onCompleted" | "onError">) {
  const abort = new AbortController();
  /** What goes on, and what has failed. */
  const telling = new Set<Promise<void>>();
  let completedCount = 0;
  let brokenCount = 0;
  let lastFailure: Failure | undefined;
  const tell = <Report>(call: ((report: Report) => void | PromiseLike<void>) | undefined, report: Report) => {
    if (call === undefined) return;
    const told = callNow(call, report);
    telling.add(told);
    told.then(
      () => telling.delete(told),
      () => abort.abort(),
    );
  };
  return {
    signal: abort.signal,
    get lastFailure() {
      return lastFailure;
    },
    ended: ({ id, number, params }: Trial, verdict: Verdict) => {
      const trial = { id, number, params: bareParams(params) as Params }; // typed by the space of the caller
      if (verdict.kind === "completed") {
        const { results, stopped } = verdict;
        const objective = results.find(({ type }) => type === "objective")!.value as number; // a result has one
        tell(onCompleted, { trial, objective, results, stoppedAt: stopped?.at, completedCount: ++completedCount });
      } else if (verdict.kind === "broken") {
        lastFailure = verdict.failure;
        const { reason, stack } = lastFailure;
        tell(onError, { trial, reason, stack, brokenCount: ++brokenCount });
      }
    },
    settle: async () => void (await Promise.all(telling)),
  };
}

/** At once, and not when the event loop comes round; what is thrown becomes a rejection. */
async function callNow<Word>(call: (word: Word) => void | PromiseLike<void>, word: Word): Promise<void> {
  await call(word);
}

interface Worked {
  /** Of the experiment. */
  readonly name: string;
  readonly failure: Failure | undefined;
}

function completedOf({ kind, completed, broken }: WorkerEnd, { name, failure }: Worked): number {
  if (kind === "broken") throw brokenError(name, { failure });
  if (kind !== "worker-broken") return completed;
  throw brokenError(name, { why: `${broken} of its trials failed here (maxBroken)`, failure });
}
