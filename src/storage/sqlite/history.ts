import { NotFoundError } from "../../errors.js";
import type { Connection } from "./connection.js";
import type { ExperimentRow } from "./rows.js";

/** The database's clock, in whole milliseconds: workers' own clocks may disagree. */
export function clock(db: Connection): number {
  return (db.sql("select cast(unixepoch('subsec') * 1000 as integer) as now").get() as { now: number }).now;
}

export function experimentRow(db: Connection, experimentId: number): ExperimentRow {
  const row = db.sql("select * from experiments where id = ?").get(experimentId) as ExperimentRow | undefined;
  if (row === undefined) {
    throw new NotFoundError(
      `Experiment number ${experimentId} is not in ${db.url} any more.`,
      "Somebody removed it; `orion list` shows what there is.",
    );
  }
  return row;
}

/** Raise the revision of an experiment. Each writing transaction that changes its history does this exactly once. */
export function nextRevision(db: Connection, experimentId: number): number {
  const row = db
    .sql("update experiments set revision = revision + 1 where id = ? returning revision")
    .get(experimentId);
  if (row === undefined) return experimentRow(db, experimentId).revision; // throws: the experiment is gone
  return (row as { revision: number }).revision;
}

export type RowStatus = "new" | "reserved" | "suspended" | "completed" | "interrupted" | "broken" | "open" | "idle";

/** Rows per status, empty slots (`open`, `idle`) included; a status without rows is 0. */
export function countRows(db: Connection, experimentId: number): Record<RowStatus, number> {
  const counts: Record<RowStatus, number> = {
    new: 0,
    reserved: 0,
    suspended: 0,
    completed: 0,
    interrupted: 0,
    broken: 0,
    open: 0,
    idle: 0,
  };
  const rows = db.sql("select status, quantity from counts where experiment = ?").all(experimentId);
  for (const row of rows as { status: RowStatus; quantity: number }[]) counts[row.status] = row.quantity;
  return counts;
}
