import type { Params } from "../space/dimension.js";
import type { Facts, Failure, Report, Result, TrialStatus, WorkerId } from "../trial/trial.js";
import type { Definition, ExperimentRecord } from "./storage.js";

/**
 * What a storage keeps, row by row and with nothing left out: to move it to another database, and to check it.
 *
 * Each record names its experiment by a number that has a meaning among the records alone. An experiment comes before
 * what belongs to it, and after its parent where that is among them.
 */
export type StoredRecord = StoredExperiment | FormerDefinition | StoredTrial | LateResults | StoredReport;

/** What the column `status` of a row can hold: a slot is `open` (leased, no parameters yet) or `idle` (given back). */
export type RowStatus = TrialStatus | "open" | "idle";

export interface StoredExperiment extends Omit<ExperimentRecord, "id" | "parent"> {
  readonly kind: "experiment";
  readonly experiment: number;
  /** Left out when its parent is not among the records. */
  readonly parent?: { readonly experiment: number; readonly adapters: readonly unknown[] };
  /** Revision of the last removal, change by hand, or merge that gave ended trials another end; 0 when there was none. */
  readonly rewrittenRevision: number;
  /** The number that the next trial gets. */
  readonly nextNumber: number;
  readonly firstStart?: number;
  readonly lastEnd?: number;
  /** As the storage counts them, which is to be the number of rows. */
  readonly counts: Readonly<Record<RowStatus, number>>;
}

/** What an experiment was until a revision, when its definition or a limit changed. */
export interface FormerDefinition {
  readonly kind: "former-definition";
  readonly experiment: number;
  /** The first revision at which it was not in force any more. */
  readonly untilRevision: number;
  readonly maxTrials: number;
  readonly definition: Definition;
}

/** A trial or an empty slot: what has no value is left out. */
export interface StoredTrial {
  readonly kind: "trial";
  readonly experiment: number;
  readonly number: number;
  readonly status: RowStatus;
  readonly id?: string;
  readonly params?: Params;
  readonly results?: readonly Result[];
  readonly parent?: string;
  readonly owner?: WorkerId;
  readonly epoch: number;
  readonly leaseUntil?: number;
  readonly submitTime?: number;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly createdRevision: number;
  readonly filledRevision?: number;
  readonly changedRevision: number;
  readonly finishedRevision?: number;
  /** Epoch of the lease that finished it; left out when that was done by hand. */
  readonly finishedEpoch?: number;
  readonly basisRevision?: number;
  readonly attempt: number;
  readonly workingDir: string;
  readonly failure?: Failure;
  readonly facts?: Facts;
  readonly claim?: string;
  readonly stoppedAt?: number;
}

/** Results that came after their trial had ended. */
export interface LateResults {
  readonly kind: "late-results";
  readonly experiment: number;
  readonly number: number;
  readonly epoch: number;
  readonly results: readonly Result[];
}

/** In the order of arrival. */
export interface StoredReport extends Report {
  readonly kind: "report";
  readonly experiment: number;
  readonly number: number;
}

/** Where the records of an experiment go. */
export type Destination =
  /** Another experiment; with `replaces`, in the place of that one, which goes with all its trials. */
  | { readonly kind: "create"; readonly version: number; readonly replaces?: number }
  /** Its trials join those of an experiment that is there; see `joinTrial` in `storage/join-trial.ts`. */
  | { readonly kind: "merge"; readonly experimentId: number }
  /** Nowhere: the experiment that is there stays as it is, and is the parent of its children among the records. */
  | { readonly kind: "skip"; readonly experimentId: number };

/** What an import did. */
export interface ImportTally {
  readonly created: number;
  readonly merged: number;
  readonly skipped: number;
  /** Trials that were not there before. */
  readonly trials: number;
  /** Trials that were there without an outcome, and have one now. */
  readonly finished: number;
  /** Trials that both sides had completed, with different results: those of the records were kept beside as late ones. */
  readonly conflicts: number;
}
