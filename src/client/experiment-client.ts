import type { AlgorithmChoice, Definition, ExperimentRecord, Metadata, Storage } from "../storage/storage.js";
import type { TrialStatus } from "../trial/trial.js";
import type { Reported } from "../worker/read-returned.js";
import type { Mode } from "./access.js";
import type { ClientTrial, SuggestedTrial, TrialRef } from "./client-trial.js";
import type { ExecutorChoice } from "./executor-choice.js";
import type { Fate, ReleaseStatus } from "./hands.js";
import type { Objective, WorkonOptions } from "./objective.js";
import type { Row } from "./rows.js";
import type { ExperimentStats } from "./stats.js";
import type { SuggestOptions } from "./suggest.js";

/**
 * An experiment to look at: `getExperiment(name)`.
 *
 * Everything is read from the database when it is asked for; what is given back are copies. Any method may reject with a
 * `StorageError`, and after `close()` all of them do with a `TypeError`.
 */
export interface ExperimentReader<Params> extends AsyncDisposable {
  readonly name: string;
  readonly version: number;
  readonly id: number;
  /** What this client may do: read, write (insert, release), or everything. */
  readonly mode: Mode;
  /** As the client was opened, like the next ones; `stats()` reads it anew. May be Infinity. */
  readonly maxTrials: number;
  readonly maxBroken: number;
  readonly algorithm: AlgorithmChoice;
  readonly direction: Definition["direction"];
  /** Canonical text of each prior, by name without a leading "/". */
  readonly space: Readonly<Record<string, string>>;
  readonly metadata: Metadata;
  /** Parent of the directories of all trials, absolute; "" for one below the user's cache directory. */
  readonly workingDir: string;
  /** Link to the version that this one branched from. */
  readonly parent: ExperimentRecord["parent"];
  readonly storage: Storage;
  /** Names of the columns of `toRows()`. */
  readonly columns: readonly string[];

  /** All trials, in the order of their numbers. */
  fetchTrials(): Promise<ClientTrial<Params>[]>;
  fetchTrialsByStatus(...statuses: readonly TrialStatus[]): Promise<ClientTrial<Params>[]>;
  /** Those that wait for a worker: new, interrupted, suspended. */
  fetchPendingTrials(): Promise<ClientTrial<Params>[]>;
  fetchNoncompletedTrials(): Promise<ClientTrial<Params>[]>;
  getTrial(trial: TrialRef): Promise<ClientTrial<Params> | undefined>;
  stats(): Promise<ExperimentStats<Params>>;
  /**
   * True when nothing is left to do: the budget is used up, or every point of a finite space was tried. That an algorithm
   * has nothing left is known once `suggest` of this client has said so: a loop ends with its error.
   */
  isDone(): Promise<boolean>;
  /** True when too many trials are broken. */
  isBroken(): Promise<boolean>;
  /** A flat record for each trial; `formatCsv` and `formatJsonLines` write them. */
  toRows(): Promise<Row<Params>[]>;
  /**
   * Release what was forgotten, end the executor, and close the storage if the client opened it. A second call waits for
   * the first one.
   */
  close(): Promise<void>;
}

export interface InsertOptions {
  /** The trial was evaluated elsewhere: it is stored as completed. */
  readonly results?: Reported;
}

export interface ReleaseOptions {
  /** Why it is broken, for people. */
  readonly reason?: string;
}

/** An experiment to which trials may be added: `getExperiment(name, { mode: "w" })`. */
export interface ExperimentWriter<Params> extends ExperimentReader<Params> {
  /**
   * Add a trial with parameters of one's own choice, for any worker to take. Those left out take their default.
   * @throws {UsageError} for a value outside of the space, or one that is missing and has no default.
   * @throws {ConflictError} when the experiment has a trial with these parameters.
   * @throws {InvalidResultError} when `results` are none.
   */
  insert(params: Partial<Params>, options?: InsertOptions): Promise<ClientTrial<Params>>;
  /** The same, and take it in the same step: nobody else can. As an inserted one, it is not refused by the budget. */
  insert(params: Partial<Params>, options: { readonly reserve: true }): Promise<SuggestedTrial<Params>>;
  /**
   * Give a trial back without a result: `interrupted` (the default) and `suspended` ones are taken up again.
   * @throws {NotReservedError} when it is not this client's; {AlreadyReleasedError} the second time.
   */
  release(trial: TrialRef, status?: ReleaseStatus, options?: ReleaseOptions): Promise<void>;
}

/** An experiment to work on: what `createExperiment` gives. */
export interface ExperimentClient<Params> extends ExperimentWriter<Params> {
  /**
   * A trial to evaluate: one that waits, else a new one. Its lease is kept until it is observed or released.
   * @throws {CompletedExperimentError} when nothing is left to suggest.
   * @throws {BrokenExperimentError} when too many trials failed.
   * @throws {WaitingForTrialsError} when nothing could be suggested in time.
   */
  suggest(options?: SuggestOptions): Promise<SuggestedTrial<Params>>;
  /**
   * Take this very trial, which waits. One that is in this client's hands is given once more.
   * @throws {NotReservedError} when it does not wait, or somebody else was first; {NotFoundError} when there is none.
   */
  reserve(trial: TrialRef): Promise<SuggestedTrial<Params>>;
  /**
   * Complete a trial with its results. A lost lease does not matter: the result completes the trial, or is kept beside
   * that of whoever was first. While the database is away the result waits in a file.
   * @returns What became of it: "completed", "kept" beside another result, "removed" with its trial, "spooled",
   *   or "nowhere": no file took it either.
   * @throws {InvalidResultError} when there is no objective, or it is NaN; the trial stays reserved.
   * @throws {NotReservedError} when it is not this client's; {AlreadyReleasedError} the second time.
   */
  observe(trial: TrialRef, results: Reported): Promise<Fate>;
  /**
   * Evaluate the function that a module exports, which can run on every executor. It ends as with a function of this
   * program, and answers the same.
   * @param module - `new URL("./objective.js", import.meta.url)`, or the name of a package, seen from the current
   *   directory.
   */
  workon<Constants = unknown>(
    module: URL | string,
    options?: WorkonOptions<Params, Constants> & { readonly exportName?: string },
  ): Promise<number>;
  // The last one, since the compiler explains the last one that does not fit.
  /**
   * Evaluate a function, trial after trial, until nothing is left to do. See `WorkonOptions` for what ends it.
   * @param objective - Takes the parameters and the `constants`, and nothing else.
   * @returns How many trials this call completed.
   * @throws {BrokenExperimentError} when too many trials failed; each keeps its reason and stack.
   * @throws {IdleError} when nothing could be started for the idle timeout though nobody else is at work.
   */
  workon<Constants = unknown>(
    objective: Objective<Params, NoInfer<Constants>>,
    options?: WorkonOptions<Params, Constants>,
  ): Promise<number>;
  /** Let `workon` run elsewhere until the returned object is disposed of. */
  tmpExecutor(executor: ExecutorChoice): AsyncDisposable;
}
