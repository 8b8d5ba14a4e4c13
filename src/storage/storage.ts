import type { Params } from "../space/dimension.js";
import type { Facts, Failure, Report, Result, Trial, TrialStatus, WorkerId } from "../trial/trial.js";
import type { Destination, ImportTally, StoredExperiment, StoredRecord } from "./records.js";

/**
 * The shared history: the only place where workers meet.
 *
 * Every method is one intention and atomic: it happens wholly or not at all, whatever dies. Three invariants are kept
 * here and nowhere else:
 *
 * 1. **One owner.** A reservation raises the trial's epoch, so two callers never hold the same (trial, epoch).
 * 2. **Exact budget.** A trial or an empty slot is reserved only while those under way + completed < maxTrials, counted
 *    in the same transaction. A row is made only where none waits, so live + completed pass the limit by hand alone: when
 *    trials are inserted, or the limit is lowered.
 * 3. **Dense revisions.** Each writing transaction raises the experiment's revision by one and stamps it on the rows it
 *    changes; so `changedRevision > cursor` is exactly what happened since.
 *
 * Changes take effect in the order in which they are asked for, whether or not they are awaited: a worker that records
 * a result and takes its next trial at the same time is given that trial with the result in the history. A question is
 * answered by what has taken effect; who asks for what he has just changed awaits the change.
 *
 * Values read are copies. `NaN`, ±Infinity, `-0` and integers up to 2⁵³ survive a round trip in results and params.
 * Times are milliseconds since 1970 by the database's clock. Any method throws `StorageError`; those marked
 * `retryable` may be called again with the same arguments, and the second call never does the work twice.
 */
export interface Storage extends AsyncDisposable {
  /** For people: `sqlite:/home/me/orion.sqlite`. Never contains a password. */
  readonly url: string;

  /** Store a new experiment. @throws {ConflictError} when (name, version) is taken. */
  createExperiment(experiment: NewExperiment): Promise<ExperimentRecord>;
  /** The experiment of that name and version; the newest version when none is given. */
  getExperiment(name: string, version?: number): Promise<ExperimentRecord | undefined>;
  /** All experiments (of that name), in the order of name and version. */
  listExperiments(name?: string): Promise<readonly ExperimentRecord[]>;
  /**
   * Change what may change while workers run. Keys that are absent stay as they are.
   * @throws {ConflictError} when `expectedRevision` is given and somebody changed the experiment's definition meanwhile.
   */
  changeExperiment(experimentId: number, change: ExperimentChange): Promise<ExperimentRecord>;
  /** Remove experiments with all their trials. Returns how many of each there were. */
  removeExperiments(experimentIds: readonly number[]): Promise<{ experiments: number; trials: number }>;

  /**
   * Lease one trial to a worker: a waiting one (interrupted and suspended first, then new, by number), else an empty
   * slot of the budget. Leases that ran out, and those of `goneWorkers`, become waiting first.
   */
  reserveTrial(experimentId: number, claim: Claim): Promise<Reservation>;
  /**
   * Give a slot its parameters. `duplicate`: another trial of the experiment has this id, or this claim. `lost`: not our
   * slot any more.
   */
  fillSlot(lease: SlotLease, suggestion: Suggested): Promise<Trial | "duplicate" | "lost">;
  /** Give an unfilled slot back: to `wait` (the number is kept for the next worker) or to be `dropped` for good. */
  returnSlot(lease: SlotLease, how: "wait" | "drop"): Promise<void>;
  /**
   * Prolong these leases of a worker, all with one call, also those that ran out while nobody took them. Returns those
   * that are no longer its own.
   *
   * Its other leases are left alone: what nobody names, nobody works at (a slot that could be neither filled nor given
   * back, a reservation whose answer was lost), and so it runs out and the budget has it back. One may run out while its
   * answer is still on its way, or its slot is thought about. That is a lost lease like any other: whoever takes it has
   * the next epoch, the former one is void (`lost` to `fillSlot`, told by the next renewal), the first result counts.
   */
  renewLeases(worker: WorkerId, leases: readonly LeaseKey[], leaseMs: number): Promise<readonly LeaseKey[]>;

  /**
   * Record the results of an evaluation, even when the lease was lost meanwhile: `completed` when they completed the
   * trial, `kept` when it was already final and they were kept beside it, `removed` when somebody deleted the trial.
   * Handing in the same lease twice is harmless.
   */
  finishTrial(lease: LeaseKey, results: readonly Result[], how?: Finish): Promise<"completed" | "kept" | "removed">;
  /** End a lease without results; `new` when nothing was begun. Does nothing when the lease was lost (`false`). */
  releaseTrial(
    lease: LeaseKey,
    status: "interrupted" | "suspended" | "broken" | "new",
    failure?: Failure,
  ): Promise<boolean>;

  /**
   * Add trials by hand, all or none and as one change, outside the budget's check but counted by it.
   * @throws {ConflictError} when a trial with the same id exists.
   */
  insertTrials(experimentId: number, trials: readonly InsertedTrial[]): Promise<readonly Trial[]>;
  /** The trial with this id (a text), or this number. */
  getTrial(experimentId: number, idOrNumber: string | number): Promise<Trial | undefined>;
  /** Trials in the order of their numbers; empty slots are no trials. */
  listTrials(experimentId: number, filter?: TrialFilter): Promise<readonly Trial[]>;
  /** What changed after revision `since`, in the order of revisions, and the state to continue from. */
  readChanges(experimentId: number, since: number): Promise<Changes>;
  /** Counts, the best trial and times, at a cost that does not grow with the history. */
  summarize(experimentId: number): Promise<Summary>;
  /** Raised by each change of the experiment or its trials. The cheapest question there is. */
  readRevision(experimentId: number): Promise<number>;
  /**
   * Resolves as soon as the history has moved past a revision, or the time is over, or the signal aborted; never rejects.
   * However many wait, it costs next to nothing, and news are noticed within 0.2 seconds.
   */
  waitForNews(experimentId: number, wait: Wait): Promise<void>;
  /**
   * Keep what a trial reported while it ran, in one statement however many there are. A step that is reported again
   * replaces the value. No news in the sense of revisions. Returns false when the lease was lost: then nothing is kept.
   */
  addReports(lease: LeaseKey, reports: readonly Report[]): Promise<boolean>;
  /** Reports of all trials of an experiment that were added after `since` (0 at first), in the order of arrival. */
  readReports(experimentId: number, since: number): Promise<ReportsRead>;

  /** Owners of the live leases of an experiment. */
  listOwners(experimentId: number): Promise<readonly WorkerId[]>;

  /** Move trials by hand, whatever their status. Returns how many. Live leases on them are void. */
  setStatus(experimentId: number, filter: TrialFilter, status: TrialStatus): Promise<number>;
  /** Remove trials. Returns how many. */
  removeTrials(experimentId: number, filter: TrialFilter): Promise<number>;

  /**
   * Hand everything that is stored of some experiments to `write`, record by record, from one consistent state and in
   * bounded memory. The experiments are numbered 1, 2, 3 … in the order given; what belongs to one follows it: former
   * definitions, trials and empty slots by number, late results, reports in the order of arrival.
   */
  exportExperiments(experimentIds: readonly number[], write: (record: StoredRecord) => void): Promise<void>;
  /**
   * Store exported records, all or none, in bounded memory: whatever `records` or `place` throws leaves nothing behind.
   * Nobody holds a lease afterwards: what was reserved is interrupted, an open slot is idle; all else is as it was.
   *
   * @param place - Says where an experiment goes, before anything of it is stored. A parent that goes nowhere is cut.
   * @throws {ConflictError} when (name, version) is taken.
   */
  importExperiments(
    records: Iterable<StoredRecord>,
    place: (experiment: StoredExperiment) => Destination,
  ): Promise<ImportTally>;

  /** Steps of `orion db test`: each one tries something on the real database and leaves nothing behind. */
  readonly checks: readonly { readonly title: string; run(): Promise<string> }[];
  /** Once is enough; a second time does nothing. */
  close(): Promise<void>;
}

/** What an experiment is. Another space or direction makes it another experiment. */
export interface Definition {
  /** Canonical text of each prior by name, e.g. `{"/lr": "loguniform(1e-05, 1)"}`. */
  readonly space: Readonly<Record<string, string>>;
  readonly algorithm: AlgorithmChoice;
  /** Keys all randomness of the experiment; drawn when the user gave none. */
  readonly seed: string;
  /** Rule that stops trials early by what they report; absent: none are. */
  readonly stopping?: AlgorithmChoice;
  readonly limits?: SearchLimits;
  /** `maximize` flips the sign of the objective at one boundary, in `experiment/`. */
  readonly direction: "minimize" | "maximize";
  readonly metadata: Metadata;
}

/** Limits of a whole search besides its number of trials; any that is reached ends it. Absent ones do not count. */
export interface SearchLimits {
  /** The search ends when an objective is as good as this. */
  readonly target?: number;
  /** It ends when so many completed trials in a row brought no improvement. */
  readonly patience?: number;
  /** It ends so many seconds after its first trial began. */
  readonly seconds?: number;
  /** It ends when its trials have cost so much: their statistic "cost", else their seconds. */
  readonly cost?: number;
}

/** A plug-in by its name. */
export interface AlgorithmChoice {
  readonly name: string;
  /** As the user gave them; defaults are not filled in. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Metadata {
  readonly user: string;
  /** Creation, ISO 8601, UTC. */
  readonly datetime: string;
  readonly orionVersion: string;
  /** The words after `orion hunt`'s options, as typed; empty for an experiment of the library. */
  readonly userArgs: readonly string[];
  readonly userScript?: string;
  /** Where the command was typed; relative words in it start here. */
  readonly directory?: string;
  /** What is needed to build the command of a trial without the original files; see `worker/command/`. */
  readonly command?: unknown;
  /** Finds the objective in what the command prints, see `worker/evaluate-command.ts`; absent or "": nothing does. */
  readonly objectivePattern?: string;
  /** Raw text of each prior, as typed. */
  readonly priors?: Readonly<Record<string, string>>;
  readonly vcs?: Readonly<Record<string, unknown>>;
  /** Times at which `--force-config` changed the definition in place: ISO 8601 and what changed. */
  readonly forced?: readonly { readonly datetime: string; readonly changes: readonly string[] }[];
}

export interface NewExperiment {
  readonly name: string;
  /** Default 1. */
  readonly version?: number;
  readonly definition: Definition;
  /** At most this many completed trials; `Infinity` for no limit. */
  readonly maxTrials: number;
  readonly maxBroken: number;
  /** "" for the default, else absolute. */
  readonly workingDir: string;
  readonly parent?: ParentLink;
}

/** How an experiment descends from another version of itself. */
export interface ParentLink {
  readonly experimentId: number;
  readonly adapters: readonly unknown[];
}

export interface ExperimentRecord extends Required<Omit<NewExperiment, "parent">> {
  readonly id: number;
  readonly parent: ParentLink | undefined;
  readonly createdTime: number;
  readonly revision: number;
  /** Raised when the definition or a limit changes. */
  readonly definitionRevision: number;
}

export interface ExperimentChange {
  readonly maxTrials?: number;
  readonly maxBroken?: number;
  readonly workingDir?: string;
  readonly definition?: Definition;
  /** `definitionRevision` of the record that the caller decided upon. */
  readonly expectedRevision?: number;
}

export interface Claim {
  readonly worker: WorkerId;
  /** Length of the lease in milliseconds. */
  readonly leaseMs: number;
  /** Workers that the caller knows to be dead: their leases are lost now. */
  readonly goneWorkers?: readonly WorkerId[];
  /** Only waiting trials, no new slot. */
  readonly waitingOnly?: boolean;
  /** Only the waiting trial with this id: `busy` when it waits no more, or never did. */
  readonly only?: string;
  /** A budget below that of the experiment, for the caller alone: completed trials of everybody count. */
  readonly maxTrials?: number;
  /**
   * Parameters for the number of a slot, where they follow from the number alone: the slot is then filled in the same
   * transaction. It is called inside, so it must be quick and change nothing. A duplicate leaves the slot empty.
   */
  readonly suggest?: (trialNumber: number) => Suggested | undefined;
}

/** Names one reservation of one trial. */
export interface LeaseKey {
  readonly experimentId: number;
  readonly number: number;
  readonly epoch: number;
}

/** A slot of the budget: a number, an owner and a lease, but no parameters yet. */
export interface SlotLease extends LeaseKey {
  readonly worker: WorkerId;
}

export type Reservation =
  | { readonly kind: "trial"; readonly trial: Trial }
  | { readonly kind: "slot"; readonly slot: SlotLease }
  /** Completed trials have reached the limit. */
  | { readonly kind: "done" }
  /** Broken trials have reached their limit. */
  | { readonly kind: "broken" }
  /** The rest of the budget is leased to others; `revision` is what to watch. */
  | { readonly kind: "busy"; readonly revision: number };

export interface Suggested {
  readonly id: string;
  readonly params: Params;
  readonly parent?: string;
  readonly workingDir: string;
  readonly basisRevision: number;
  readonly attempt: number;
  readonly facts?: Facts;
  readonly claim?: string;
}

export interface Finish {
  /** The step at which the trial was stopped early. */
  readonly stoppedAt?: number;
}

export interface Wait {
  /** The revision that is known. */
  readonly since: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ReportsRead {
  /** Pass it as the next `since`. */
  readonly cursor: number;
  readonly reports: readonly (Report & { readonly number: number })[];
}

export interface InsertedTrial {
  readonly id: string;
  readonly params: Params;
  readonly workingDir: string;
  /** Given: the trial is `completed` at once; else it is `new`. */
  readonly results?: readonly Result[];
  /** Given, without results: the trial is `reserved` at once, before anybody else can see it. */
  readonly lease?: Pick<Claim, "worker" | "leaseMs">;
}

/** All conditions must hold; an empty filter matches every trial. */
export interface TrialFilter {
  readonly statuses?: readonly TrialStatus[];
  readonly ids?: readonly string[];
}

export interface Changes {
  /** Pass it as the next `since`. */
  readonly revision: number;
  readonly trials: readonly Trial[];
  /**
   * Trials were removed or rewritten by hand, or a merge gave ended ones another end: drop what was read before; `trials`
   * holds all there are.
   */
  readonly isRewritten: boolean;
}

export interface Summary {
  readonly counts: Readonly<Record<TrialStatus, number>>;
  /** The finite objective that comes first in the experiment's direction. */
  readonly best: Trial | undefined;
  /** Earliest start and latest end of any trial. */
  readonly firstStart: number | undefined;
  readonly lastEnd: number | undefined;
}
