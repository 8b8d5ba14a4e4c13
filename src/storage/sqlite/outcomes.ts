import { ConflictError } from "../../errors.js";
import { encodeJson } from "../../space/odd-floats.js";
import { isFinal, predecessors, type Result, type Trial, type TrialStatus } from "../../trial/trial.js";
import { rankOf, type TrialRow, trialFromRow } from "../rows.js";
import type { Finish, InsertedTrial, LeaseKey, Storage, TrialFilter } from "../storage.js";
import { type Connection, isDuplicate, type Value } from "./connection.js";
import { clock, historyRow, nextRevision, noteRewrite } from "./history.js";

type OutcomeOperations = Pick<Storage, "finishTrial" | "insertTrials" | "setStatus" | "removeTrials">;

export function outcomeOperations(db: Connection): OutcomeOperations {
  return {
    finishTrial: (lease, results, how = {}) => db.write(() => finish(db, { lease, results, how })),

    insertTrials: (experimentId, trials) =>
      db.write(() => {
        historyRow(db, experimentId); // throws when the experiment is gone
        if (trials.length === 0) return [];
        const revision = nextRevision(db, experimentId);
        return trials.map((trial) => insert(db, { experimentId, trial, revision }));
      }),

    setStatus: (experimentId, filter, status) =>
      db.write(() => {
        const { where, values } = filterSql(experimentId, filter);
        if (db.sql(`select 1 from trials where ${where} limit 1`).get(...values) === undefined) return 0;
        const revision = rewrite(db, experimentId);
        const now = clock(db);
        const isDone = isFinal(status);
        const changed = db
          .sql(
            `update trials set status = ?, epoch = epoch + 1, owner = null, changed_revision = ?,
                               lease_until = ?, finished_revision = ?, end_time = ?, finished_epoch = null
              where ${where}`,
          )
          .run(
            status,
            revision,
            status === "reserved" ? now : null, // nobody renews it, so it is waiting again at once
            isDone ? revision : null,
            isDone ? now : null,
            ...values,
          );
        return Number(changed.changes);
      }),

    removeTrials: (experimentId, filter) =>
      db.write(() => {
        const { where, values } = filterSql(experimentId, filter);
        const removed = db.sql(`delete from trials where ${where}`).run(...values).changes;
        if (removed > 0) rewrite(db, experimentId);
        return Number(removed);
      }),
  };
}

interface Outcome {
  readonly lease: LeaseKey;
  readonly results: readonly Result[];
  readonly how: Finish;
}

/** A result of a lease that was lost still completes its trial; one that comes after the end is kept beside it. */
function finish(db: Connection, { lease, results, how }: Outcome): "completed" | "kept" | "removed" {
  const row = db
    .sql("select * from trials where experiment = ? and number = ?")
    .get(lease.experimentId, lease.number) as TrialRow | undefined;
  if (row === undefined || row.id === null) return "removed";
  if (row.finished_epoch === lease.epoch) return "completed"; // the same call once more
  if (!predecessors("completed").includes(row.status as TrialStatus)) {
    const kept = db
      .sql("insert or ignore into late_results (experiment, number, epoch, results) values (?, ?, ?, ?)")
      .run(lease.experimentId, lease.number, lease.epoch, encodeJson(results));
    if (kept.changes) {
      const revision = nextRevision(db, lease.experimentId);
      db.sql("update trials set changed_revision = ? where experiment = ? and number = ?").run(
        revision,
        lease.experimentId,
        lease.number,
      );
    }
    return "kept";
  }
  const revision = nextRevision(db, lease.experimentId);
  const now = clock(db);
  db.sql(
    `update trials set status = 'completed', results = ?, objective = ?, end_time = ?, owner = null, lease_until = null,
                       failure = null, changed_revision = ?, finished_revision = ?, finished_epoch = ?, stopped_at = ?
      where experiment = ? and number = ?`,
  ).run(
    encodeJson(results),
    rankOf(results),
    now,
    revision,
    revision,
    lease.epoch,
    how.stoppedAt ?? null,
    lease.experimentId,
    lease.number,
  );
  db.sql("update histories set last_end = ? where experiment = ?").run(now, lease.experimentId);
  return "completed";
}

interface Insertion {
  readonly experimentId: number;
  readonly trial: InsertedTrial;
  /** Of all that are inserted together. */
  readonly revision: number;
}

function insert(db: Connection, { experimentId, trial, revision }: Insertion): Trial {
  const { id, params, workingDir, results, lease } = trial;
  const now = clock(db);
  const { next_number: number, first_start } = historyRow(db, experimentId);
  const isDone = results !== undefined;
  const isTaken = lease !== undefined && !isDone;
  db.sql("update histories set next_number = next_number + 1, first_start = ? where experiment = ?").run(
    isTaken ? (first_start ?? now) : first_start,
    experimentId,
  );
  try {
    const row = db
      .sql(
        `insert into trials (experiment, number, id, status, params, results, objective, owner, epoch, lease_until,
                             submit_time, start_time, end_time, created_revision, filled_revision, changed_revision,
                             finished_revision, working_dir)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning *, null as late`,
      )
      .get(
        experimentId,
        number,
        id,
        isDone ? "completed" : isTaken ? "reserved" : "new",
        encodeJson(params),
        isDone ? encodeJson(results) : null,
        isDone ? rankOf(results) : null,
        isTaken ? lease.worker : null,
        isTaken ? 1 : 0,
        isTaken ? now + lease.leaseMs : null,
        now,
        isDone || isTaken ? now : null,
        isDone ? now : null,
        revision,
        revision,
        revision,
        isDone ? revision : null,
        workingDir,
      );
    return trialFromRow(row as TrialRow);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new ConflictError(
      `A trial with these parameters is already in the experiment (id ${id}).`,
      "Each point is evaluated once; `orion status --all` lists the trials.",
    );
  }
}

/** Count a change by hand. */
function rewrite(db: Connection, experimentId: number): number {
  const revision = nextRevision(db, experimentId);
  noteRewrite(db, experimentId, revision);
  return revision;
}

/** SQL for a filter. Empty slots are no trials, so none ever matches. */
export function filterSql(experimentId: number, filter: TrialFilter): { where: string; values: Value[] } {
  const conditions = ["experiment = ?", "id is not null"];
  const values: Value[] = [experimentId];
  if (filter.statuses !== undefined) {
    conditions.push("status in (select value from json_each(?))");
    values.push(JSON.stringify(filter.statuses));
  }
  if (filter.ids !== undefined) {
    conditions.push("id in (select value from json_each(?))");
    values.push(JSON.stringify(filter.ids));
  }
  return { where: conditions.join(" and "), values };
}
