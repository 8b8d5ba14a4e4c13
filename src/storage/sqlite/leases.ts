import { encodeJson } from "../../space/odd-floats.js";
import type { WorkerId } from "../../trial/trial.js";
import type { Claim, LeaseKey, Reservation, SlotLease, Storage, Suggested } from "../storage.js";
import { type Connection, isDuplicate } from "./connection.js";
import { clock, countRows, experimentRow, nextRevision } from "./history.js";
import { limitFromSql, type TrialRow, trialFromRow } from "./rows.js";

type LeaseOperations = Pick<
  Storage,
  "reserveTrial" | "fillSlot" | "returnSlot" | "renewLeases" | "releaseTrial" | "listOwners"
>;

export function leaseOperations(db: Connection): LeaseOperations {
  return {
    reserveTrial: (experimentId, claim) => db.write(() => reserve(db, experimentId, claim)),

    fillSlot: (lease, suggestion) => db.write(() => fill(db, lease, suggestion)),

    returnSlot: (lease, how) =>
      db.write(() => {
        const ours = "experiment = ? and number = ? and epoch = ? and owner = ? and status = 'open'";
        const key = [lease.experimentId, lease.number, lease.epoch, lease.worker] as const;
        if (how === "drop") {
          const dropped = db.sql(`delete from trials where ${ours}`).run(...key).changes;
          if (dropped) nextRevision(db, lease.experimentId);
          return;
        }
        // An idle slot is no news: whoever waits, waits for results. So the revision stays, and nobody wakes up.
        db.sql(`update trials set status = 'idle', owner = null, lease_until = null where ${ours}`).run(...key);
      }),

    renewLeases: (worker, leases, leaseMs) =>
      db.write(() => {
        const rows = db
          .sql(
            `update trials set lease_until = ? where owner = ? and status in ('reserved', 'open')
             returning experiment as experimentId, number, epoch`,
          )
          .all(clock(db) + leaseMs, worker) as LeaseKey[];
        const held = new Set(rows.map(keyText));
        return leases.filter((lease) => !held.has(keyText(lease)));
      }),

    releaseTrial: (lease, status, failure) =>
      db.write(() => {
        const row = db
          .sql("select * from trials where experiment = ? and number = ? and epoch = ?")
          .get(lease.experimentId, lease.number, lease.epoch) as TrialRow | undefined;
        if (row?.status === status) return true; // the same call once more
        if (row?.status !== "reserved") return false;
        const revision = nextRevision(db, lease.experimentId);
        const now = clock(db);
        const isBroken = status === "broken";
        db.sql(
          `update trials set status = ?, owner = null, lease_until = null, changed_revision = ?, end_time = ?,
                             finished_revision = ?, failure = ?
            where experiment = ? and number = ?`,
        ).run(
          status,
          revision,
          isBroken ? now : row.end_time,
          isBroken ? revision : null,
          failure === undefined ? null : JSON.stringify(failure),
          lease.experimentId,
          lease.number,
        );
        if (isBroken) db.sql("update experiments set last_end = ? where id = ?").run(now, lease.experimentId);
        return true;
      }),

    listOwners: (experimentId) =>
      db.read(() => {
        const rows = db
          .sql(
            `select distinct owner from trials indexed by trials_leased
              where experiment = ? and lease_until > 0 and owner is not null`,
          )
          .all(experimentId);
        return (rows as { owner: WorkerId }[]).map((row) => row.owner);
      }),
  };
}

const keyText = (lease: LeaseKey): string => `${lease.experimentId} ${lease.number} ${lease.epoch}`;

/**
 * Invariants 1 and 2 are kept here: the epoch is raised with each reservation, and a row is made only while the live
 * and the completed ones together are fewer than the limit. Both hold because this is one `begin immediate`
 * transaction: no other writer runs between the count and the insert.
 */
function reserve(db: Connection, experimentId: number, claim: Claim): Reservation {
  const experiment = experimentRow(db, experimentId);
  const now = clock(db);
  const lost = voidLostLeases(db, { experimentId, now, goneWorkers: claim.goneWorkers ?? [] });
  const counts = countRows(db, experimentId);
  if (counts.completed >= limitFromSql(experiment.max_trials)) return { kind: "done" };
  if (counts.broken >= limitFromSql(experiment.max_broken)) return { kind: "broken" };
  const lease = { worker: claim.worker, until: now + claim.leaseMs, now };

  if (counts.interrupted + counts.suspended + counts.new > 0) {
    const revision = nextRevision(db, experimentId);
    const row = db
      .sql(
        `update trials set status = 'reserved', owner = ?, lease_until = ?, epoch = epoch + 1, start_time = ?,
                           end_time = null, failure = null, changed_revision = ?
          where experiment = ? and number = (select number from trials indexed by trials_waiting
                                              where experiment = ? and priority < 2
                                              order by priority, number limit 1)
         returning *, null as late`,
      )
      .get(lease.worker, lease.until, now, revision, experimentId, experimentId) as TrialRow;
    noteStart(db, experimentId, now);
    return { kind: "trial", trial: trialFromRow(row) };
  }
  if (claim.waitingOnly) return { kind: "busy", revision: experiment.revision + Number(lost) };

  if (counts.idle > 0) {
    const row = db
      .sql(
        `update trials set status = 'open', owner = ?, lease_until = ?, epoch = epoch + 1
          where experiment = ? and number = (select number from trials indexed by trials_waiting
                                              where experiment = ? and priority = 2
                                              order by number limit 1)
         returning number, epoch`,
      )
      .get(lease.worker, lease.until, experimentId, experimentId) as { number: number; epoch: number };
    return { kind: "slot", slot: { experimentId, ...row, worker: claim.worker } };
  }
  const live = counts.reserved + counts.open;
  if (live + counts.completed >= limitFromSql(experiment.max_trials)) {
    return { kind: "busy", revision: experiment.revision + Number(lost) };
  }
  const number = experiment.next_number;
  db.sql("update experiments set next_number = next_number + 1, revision = revision + 1 where id = ?").run(
    experimentId,
  );
  db.sql(
    `insert into trials (experiment, number, status, owner, epoch, lease_until, created_revision, changed_revision)
     values (?, ?, 'open', ?, 1, ?, ?, ?)`,
  ).run(experimentId, number, lease.worker, lease.until, experiment.revision + 1, experiment.revision + 1);
  return { kind: "slot", slot: { experimentId, number, epoch: 1, worker: claim.worker } };
}

interface LostLeases {
  readonly experimentId: number;
  readonly now: number;
  readonly goneWorkers: readonly WorkerId[];
}

/**
 * Leases that ran out, and those of dead workers, become waiting. True when there were any.
 *
 * The indexes are named, here and below, since SQLite's planner would rather walk the primary key: through every trial
 * that the experiment ever had.
 */
function voidLostLeases(db: Connection, { experimentId, now, goneWorkers }: LostLeases): boolean {
  const lost = db
    .sql("select number from trials indexed by trials_leased where experiment = ? and lease_until <= ?")
    .all(experimentId, now);
  for (const worker of goneWorkers) {
    const left = db.sql("select number from trials indexed by trials_owned where owner = ? and experiment = ?");
    lost.push(...left.all(worker, experimentId));
  }
  if (lost.length === 0) return false;
  const revision = nextRevision(db, experimentId);
  for (const { number } of lost as { number: number }[]) {
    db.sql(
      `update trials set status = case status when 'open' then 'idle' else 'interrupted' end,
                         owner = null, lease_until = null, changed_revision = ?
        where experiment = ? and number = ? and lease_until is not null`,
    ).run(revision, experimentId, number);
  }
  return true;
}

function fill(
  db: Connection,
  lease: SlotLease,
  suggestion: Suggested,
): ReturnType<typeof trialFromRow> | "duplicate" | "lost" {
  const row = db
    .sql("select *, null as late from trials where experiment = ? and number = ?")
    .get(lease.experimentId, lease.number) as TrialRow | undefined;
  if (row === undefined || row.epoch !== lease.epoch || row.owner !== lease.worker) return "lost";
  if (row.id === suggestion.id) return trialFromRow(row); // the same call once more
  if (row.status !== "open") return "lost";
  const now = clock(db);
  const twin = db.sql("select 1 from trials where experiment = ? and id = ?").get(lease.experimentId, suggestion.id);
  if (twin !== undefined) return "duplicate"; // the UNIQUE index would say the same, at the price of an aborted write
  const revision = nextRevision(db, lease.experimentId);
  try {
    const filled = db
      .sql(
        `update trials set status = 'reserved', id = ?, params = ?, parent = ?, working_dir = ?, basis_revision = ?,
                           attempt = ?, submit_time = ?, start_time = ?, changed_revision = ?
          where experiment = ? and number = ? returning *, null as late`,
      )
      .get(
        suggestion.id,
        encodeJson(suggestion.params),
        suggestion.parent ?? null,
        suggestion.workingDir,
        suggestion.basisRevision,
        suggestion.attempt,
        now,
        now,
        revision,
        lease.experimentId,
        lease.number,
      );
    noteStart(db, lease.experimentId, now);
    return trialFromRow(filled as TrialRow);
  } catch (error) {
    if (isDuplicate(error)) return "duplicate";
    throw error;
  }
}

function noteStart(db: Connection, experimentId: number, now: number): void {
  db.sql("update experiments set first_start = ? where id = ? and first_start is null").run(now, experimentId);
}
