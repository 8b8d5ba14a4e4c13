import { decodeJson } from "../space/odd-floats.js";
import { type Facts, type Failure, type Result, type Trial, type TrialStatus, trialStatuses } from "../trial/trial.js";
import { readRow } from "./read-row.js";
import type { RowStatus } from "./records.js";
import type { Definition, ExperimentRecord, ParentLink } from "./storage.js";

/** What the column `status` of a row can hold. */
export const rowStatuses = [...trialStatuses, "open", "idle"] as const satisfies readonly RowStatus[];

/** The columns of an experiment, which all SQL databases have in common. */
export interface ExperimentRow {
  id: number;
  name: string;
  version: number;
  definition: string;
  definition_revision: number;
  max_trials: number | null;
  max_broken: number | null;
  working_dir: string;
  parent: string | null;
  created_time: number;
  revision: number;
}

/** What changes with every step. The counts include empty slots (`n_open`, `n_idle`). */
export interface HistoryRow extends Readonly<Record<`n_${RowStatus}`, number>> {
  revision: number;
  rewritten_revision: number;
  next_number: number;
  first_start: number | null;
  last_end: number | null;
}

export interface TrialRow {
  experiment: number;
  number: number;
  id: string | null;
  status: string;
  params: string | null;
  results: string | null;
  objective: number | null;
  parent: string | null;
  owner: string | null;
  epoch: number;
  lease_until: number | null;
  submit_time: number | null;
  start_time: number | null;
  end_time: number | null;
  created_revision: number;
  filled_revision: number | null;
  changed_revision: number;
  finished_revision: number | null;
  finished_epoch: number | null;
  basis_revision: number | null;
  attempt: number;
  working_dir: string;
  failure: string | null;
  facts: string | null;
  claim: string | null;
  stopped_at: number | null;
  /** JSON list of its late results, each as JSON text, by epoch; null or absent where there are none. */
  late?: string | null;
}

/** SQL's null is our undefined. */
const known = <T>(value: T | null): T | undefined => value ?? undefined;

/** No limit is stored as null, since SQL has no infinite integers. */
export const limitToSql = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);
export const limitFromSql = (limit: number | null): number => limit ?? Number.POSITIVE_INFINITY;

export function experimentFromRow(row: ExperimentRow): ExperimentRecord {
  return readRow(`experiment ${JSON.stringify(row.name)}`, () => ({
    id: row.id,
    name: row.name,
    version: row.version,
    definition: JSON.parse(row.definition) as Definition,
    maxTrials: limitFromSql(row.max_trials),
    maxBroken: limitFromSql(row.max_broken),
    workingDir: row.working_dir,
    parent: row.parent === null ? undefined : (JSON.parse(row.parent) as ParentLink),
    createdTime: row.created_time,
    revision: row.revision,
    definitionRevision: row.definition_revision,
  }));
}

export function trialFromRow(row: TrialRow): Trial {
  return readRow(`trial ${row.number}`, () => readTrial(row));
}

function readTrial(row: TrialRow): Trial {
  const results = row.results === null ? [] : (decodeJson(row.results) as Result[]);
  return {
    experimentId: row.experiment,
    number: row.number,
    id: row.id!,
    status: row.status as TrialStatus,
    params: row.params === null ? {} : (decodeJson(row.params) as Trial["params"]),
    results,
    objective: row.status === "completed" ? objectiveOf(results) : undefined,
    parent: known(row.parent),
    owner: known(row.owner),
    epoch: row.epoch,
    leaseUntil: known(row.lease_until),
    submitTime: row.submit_time ?? 0,
    startTime: known(row.start_time),
    endTime: known(row.end_time),
    createdRevision: row.created_revision,
    filledRevision: known(row.filled_revision),
    changedRevision: row.changed_revision,
    finishedRevision: known(row.finished_revision),
    basisRevision: known(row.basis_revision),
    attempt: row.attempt,
    workingDir: row.working_dir,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as Failure),
    lateResults: row.late == null ? [] : (JSON.parse(row.late) as string[]).map((text) => decodeJson(text) as Result[]),
    facts: row.facts === null ? {} : (decodeJson(row.facts) as Facts),
    claim: known(row.claim),
    stoppedAt: known(row.stopped_at),
  };
}

/** The first objective counts. */
export function objectiveOf(results: readonly Result[]): number | undefined {
  return results.find((result) => result.type === "objective")?.value as number | undefined;
}

/** What ranks a trial: its objective when that is finite, so that NaN and infinities are never the best. */
export function rankOf(results: readonly Result[]): number | null {
  const objective = objectiveOf(results);
  return objective !== undefined && Number.isFinite(objective) ? objective : null;
}
