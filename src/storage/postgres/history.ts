import { ExperimentGoneError } from "../../errors.js";
import { type ExperimentRow, experimentFromRow } from "../rows.js";
import type { ExperimentRecord } from "../storage.js";
import type { Connection } from "./connection.js";

/** An experiment as it is read: with the revision of its history. */
export const selectExperiment = `select id, name, version, definition, definition_revision, max_trials, max_broken,
  working_dir, parent, created_time, revision from orion.experiments join orion.histories on experiment = id`;

/** A trial as it is read: with its late results. */
export const trialColumns = `t.experiment, t.number, t.id, t.status, t.params, t.results, t.parent, t.owner, t.epoch,
  t.lease_until, t.submit_time, t.start_time, t.end_time, t.created_revision, t.filled_revision, t.changed_revision,
  t.finished_revision, t.basis_revision, t.attempt, t.working_dir, t.failure, t.facts, t.claim, t.stopped_at,
  (select json_agg(l.results order by l.epoch)::text from orion.late_results l
    where l.experiment = t.experiment and l.number = t.number) as late`;

export async function readExperiment(db: Connection, experimentId: number): Promise<ExperimentRecord> {
  const [row] = await db.rows<ExperimentRow>(`${selectExperiment} where id = $1`, [experimentId]);
  return row === undefined ? throwGone(db, experimentId) : experimentFromRow(row);
}

export function throwGone(db: Connection, experimentId: number): never {
  throw gone(experimentId, db.url);
}

export function gone(experimentId: number, url: string): ExperimentGoneError {
  return new ExperimentGoneError(`Experiment number ${experimentId}`, url);
}
