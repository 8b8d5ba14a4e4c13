import type { Params } from "../space/dimension.js";

/** A trial is in exactly one of these at any time; `successors` has the legal moves. */
export const trialStatuses = ["new", "reserved", "suspended", "completed", "interrupted", "broken"] as const;
export type TrialStatus = (typeof trialStatuses)[number];

/**
 * The legal moves that workers make, read by every storage backend.
 *
 * A lease that runs out moves its trial from `reserved` to `interrupted`. A result that comes late still completes an
 * interrupted, suspended or re-reserved trial. Moves by hand (`orion db set`) are free.
 */
export const successors = {
  new: ["reserved"],
  reserved: ["completed", "broken", "interrupted", "suspended", "new"],
  interrupted: ["reserved", "completed"],
  suspended: ["reserved", "completed"],
  completed: [],
  broken: [],
} as const satisfies Record<TrialStatus, readonly TrialStatus[]>;

export const resultTypes = ["objective", "constraint", "gradient", "statistic", "lie"] as const;
export type ResultType = (typeof resultTypes)[number];

/** One number or document that a program reported. The first `objective` is the one that is minimised. */
export interface Result {
  readonly name: string;
  readonly type: ResultType;
  readonly value: unknown;
}

/** Why a trial is broken, for people. */
export interface Failure {
  /** One sentence. */
  readonly reason: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** The end of what the program wrote to standard error. */
  readonly stderr?: string;
  /** Where in a function it happened, as its language writes that. */
  readonly stack?: string;
}

/** One evaluation of the user's program: its parameters, where it stands, what came of it. */
export interface Trial {
  readonly experimentId: number;
  /** 1, 2, 3 … in the order of creation, within its experiment. */
  readonly number: number;
  /** Hash of the parameters, 32 hex digits; see `trialId` in `trial/trial-id.ts`. */
  readonly id: string;
  readonly status: TrialStatus;
  readonly params: Params;
  readonly results: readonly Result[];
  /** The value to minimise, as reported; `undefined` until there is one. May be NaN or infinite. */
  readonly objective: number | undefined;
  /** Id of the trial that this one continues. */
  readonly parent: string | undefined;
  readonly owner: WorkerId | undefined;
  /** Raised by each reservation; a lease of an older epoch is void. */
  readonly epoch: number;
  /** Milliseconds since 1970 by the database's clock, like all times here. */
  readonly leaseUntil: number | undefined;
  readonly submitTime: number;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly createdRevision: number;
  /** Revision at which it got its parameters; `undefined` where an older version of orion did not keep that. */
  readonly filledRevision: number | undefined;
  readonly changedRevision: number;
  /** Revision at which it became completed or broken. */
  readonly finishedRevision: number | undefined;
  /** The history that its suggestion was computed from; `undefined` for a trial inserted by hand. */
  readonly basisRevision: number | undefined;
  /** How many suggestions for this number were duplicates before this one. */
  readonly attempt: number;
  /** The experiment's working directory when the trial was made: "" means the default. */
  readonly workingDir: string;
  readonly failure: Failure | undefined;
  /** Results that arrived after somebody else had finished the trial. */
  readonly lateResults: readonly (readonly Result[])[];
  /** What its algorithm wrote down when it made the trial: its rung, its bracket, who was asked. `{}` when nothing. */
  readonly facts: Facts;
  /** Unique in the experiment where it is given: makes a promotion or a fork happen once, whoever comes first. */
  readonly claim: string | undefined;
  /** The step at which it was stopped early; its objective is the one that it had there. */
  readonly stoppedAt: number | undefined;
}

/** Small and JSON: numbers, texts, short lists. Never a blob of state. */
export type Facts = Readonly<Record<string, unknown>>;

/** One value that a trial reported while it ran. */
export interface Report {
  /** How far it was, in the unit of the fidelity where there is one; grows within a trial. */
  readonly step: number;
  /** The objective so far, with the user's sign; may be NaN or infinite. */
  readonly value: number;
}

/** Names one process on one machine; see `worker/worker-id.ts`. Opaque to storage. */
export type WorkerId = string;

/** Statuses from which a trial may legally become `status`. */
export function predecessors(status: TrialStatus): readonly TrialStatus[] {
  return trialStatuses.filter((before) => (successors[before] as readonly TrialStatus[]).includes(status));
}

/** True once nothing will happen to the trial any more. */
export function isFinal(status: TrialStatus): boolean {
  return successors[status].length === 0;
}
