import { decodeJson } from "../../space/odd-floats.js";
import type { Facts, Failure, Result, Trial, TrialStatus } from "../../trial/trial.js";
import type { Definition, ExperimentRecord, ParentLink } from "../storage.js";

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

export interface TrialRow {
  experiment: number;
  number: number;
  id: string | null;
  status: string;
  params: string | null;
  results: string | null;
  parent: string | null;
  owner: string | null;
  epoch: number;
  lease_until: number | null;
  submit_time: number | null;
  start_time: number | null;
  end_time: number | null;
  created_revision: number;
  changed_revision: number;
  finished_revision: number | null;
  basis_revision: number | null;
  attempt: number;
  working_dir: string;
  failure: string | null;
  facts: string | null;
  claim: string | null;
  stopped_at: number | null;
  /** Late results by epoch; absent where there can be none. */
  late?: readonly string[] | null;
}

/** An experiment as it is read: with the revision of its history. */
export const selectExperiment = `select id, name, version, definition, definition_revision, max_trials, max_broken,
  working_dir, parent, created_time, revision from orion.experiments join orion.histories on experiment = id`;

/** A trial as it is read: with its late results. */
export const trialColumns = `t.experiment, t.number, t.id, t.status, t.params, t.results, t.parent, t.owner, t.epoch,
  t.lease_until, t.submit_time, t.start_time, t.end_time, t.created_revision, t.changed_revision, t.finished_revision,
  t.basis_revision, t.attempt, t.working_dir, t.failure, t.facts, t.claim, t.stopped_at,
  (select json_agg(l.results order by l.epoch) from orion.late_results l
    where l.experiment = t.experiment and l.number = t.number) as late`;

/** SQL's null is our undefined. */
const known = <T>(value: T | null): T | undefined => value ?? undefined;

/** No limit is stored as null. */
export const limitToSql = (limit: number): number | null => (Number.isFinite(limit) ? limit : null);
const limitFromSql = (limit: number | null): number => limit ?? Number.POSITIVE_INFINITY;

export function experimentFromRow(row: ExperimentRow): ExperimentRecord {
  return {
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
  };
}

export function trialFromRow(row: TrialRow): Trial {
  const results = row.results === null ? [] : (decodeJson(row.results) as Result[]);
  return {
    experimentId: row.experiment,
    number: row.number,
    id: row.id!,
    status: row.status as TrialStatus,
    params: decodeJson(row.params!) as Trial["params"],
    results,
    objective: row.status === "completed" ? objectiveOf(results) : undefined,
    parent: known(row.parent),
    owner: known(row.owner),
    epoch: row.epoch,
    leaseUntil: known(row.lease_until),
    submitTime: row.submit_time!,
    startTime: known(row.start_time),
    endTime: known(row.end_time),
    createdRevision: row.created_revision,
    changedRevision: row.changed_revision,
    finishedRevision: known(row.finished_revision),
    basisRevision: known(row.basis_revision),
    attempt: row.attempt,
    workingDir: row.working_dir,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as Failure),
    lateResults: (row.late ?? []).map((text) => decodeJson(text) as Result[]),
    facts: row.facts === null ? {} : (decodeJson(row.facts) as Facts),
    claim: known(row.claim),
    stoppedAt: known(row.stopped_at),
  };
}

/** The first objective counts. */
function objectiveOf(results: readonly Result[]): number | undefined {
  return results.find((result) => result.type === "objective")?.value as number | undefined;
}

/** What ranks a trial: its objective when that is finite, so that NaN and infinities are never the best. */
export function rankOf(results: readonly Result[]): number | null {
  const objective = objectiveOf(results);
  return objective !== undefined && Number.isFinite(objective) ? objective : null;
}
