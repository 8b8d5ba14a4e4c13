import type { Result, Trial, WorkerId } from "../trial/trial.js";
import type { SpoolPlace } from "./spool-place.js";
import type { Evaluate, Verdict } from "./verdict.js";
import type { WorkerExperiment } from "./worker-experiment.js";

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
  /** What was in trouble has succeeded. */
  recovered(): void;
  /** No more trials are taken because of this error, with which the worker rejects when those that run have ended. */
  failing(error: unknown): void;
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
  /** Where results wait while the database is away. */
  readonly spoolOf: (trial: Trial) => SpoolPlace;
  /** True when the process of a worker is certainly dead. */
  readonly isGone: (worker: WorkerId) => boolean;
  /** Milliseconds of a clock that goes on while the machine sleeps. */
  readonly now: () => number;
  readonly events: WorkerEvents;
}
