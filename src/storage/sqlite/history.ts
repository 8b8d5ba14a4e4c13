import { ExperimentGoneError } from "../../errors.js";
import type { ExperimentRow, HistoryRow } from "../rows.js";
import type { Connection } from "./connection.js";

/** The database's clock, in whole milliseconds: workers' own clocks may disagree. */
export function clock(db: Connection): number {
  return (db.sql("select cast(unixepoch('subsec') * 1000 as integer) as now").get() as { now: number }).now;
}

export function experimentRow(db: Connection, experimentId: number): ExperimentRow {
  const row = db.sql(`${selectExperiment} where id = ?`).get(experimentId);
  return (row as ExperimentRow | undefined) ?? throwGone(db, experimentId);
}

/** An experiment as it is read: with the revision of its history. */
export const selectExperiment =
  "select experiments.*, revision from experiments join histories on experiment = experiments.id";

/**
 * SQL for the id of a new experiment: one that none ever had. A worker may not know yet that its experiment was removed,
 * and what it says of it must not go into another one; SQLite by itself gives the highest id again after a removal.
 */
export const freshExperimentId = `(select max(coalesce(max(id), 0),
   (select coalesce(max(seq), 0) from sqlite_sequence where name = 'experiments')) + 1 from experiments)`;

/** To be called when an experiment is removed: its id is used up. Noted where SQLite keeps such numbers of its own. */
export function useUpId(db: Connection, experimentId: number): void {
  const raised = db.sql("update sqlite_sequence set seq = max(seq, ?) where name = 'experiments'").run(experimentId);
  if (raised.changes) return;
  db.sql("insert into sqlite_sequence (name, seq) values ('experiments', ?)").run(experimentId);
}

/** Note that trials that had ended were changed or removed: whoever caches the history reads it anew. */
export function noteRewrite(db: Connection, experimentId: number, revision: number): void {
  db.sql("update histories set rewritten_revision = ? where experiment = ?").run(revision, experimentId);
}

/** The part of an experiment that changes with every step; it holds the limits too. */
export function historyRow(db: Connection, experimentId: number): HistoryRow & Limits {
  const row = db
    .sql("select max_trials, max_broken, histories.* from histories join experiments on id = experiment where id = ?")
    .get(experimentId);
  return (row as (HistoryRow & Limits) | undefined) ?? throwGone(db, experimentId);
}

export type Limits = Pick<ExperimentRow, "max_trials" | "max_broken">;

/** Raise the revision of an experiment. Each writing transaction that changes its history does this exactly once. */
export function nextRevision(db: Connection, experimentId: number): number {
  const row = db
    .sql("update histories set revision = revision + 1 where experiment = ? returning revision")
    .get(experimentId);
  return (row as { revision: number } | undefined)?.revision ?? throwGone(db, experimentId);
}

function throwGone(db: Connection, experimentId: number): never {
  throw new ExperimentGoneError(`Experiment number ${experimentId}`, db.url);
}
