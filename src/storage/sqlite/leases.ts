import { encodeJson } from "../../space/odd-floats.js";
import { predecessors, type Trial, type TrialStatus, type WorkerId } from "../../trial/trial.js";
import { type HistoryRow, limitFromSql, type TrialRow, trialFromRow } from "../rows.js";
import type { Claim, LeaseKey, Reservation, SlotLease, Storage, Suggested } from "../storage.js";
import type { Connection } from "./connection.js";
import { clock, historyRow, type Limits, nextRevision } from "./history.js";

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
        const until = clock(db) + leaseMs;
        const renewal = db.sql(
          `update trials set lease_until = ?
            where experiment = ? and number = ? and epoch = ? and owner = ? and status in ('open', 'reserved')`,
        );
        const isOurs = ({ experimentId, number, epoch }: LeaseKey) =>
          Number(renewal.run(until, experimentId, number, epoch, worker).changes) > 0;
        return leases.filter((lease) => !isOurs(lease));
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
        if (isBroken) db.sql("update histories set last_end = ? where experiment = ?").run(now, lease.experimentId);
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

/**
 * Invariants 1 and 2 are kept here: the epoch is raised with each reservation, and there is none unless those under way
 * and the completed ones together are fewer than the limit. Both hold because this is one `begin immediate`
 * transaction: no other writer runs between the count and the reservation.
 */
function reserve(db: Connection, experimentId: number, claim: Claim): Reservation {
  const now = clock(db);
  const lost = voidLostLeases(db, { experimentId, now, goneWorkers: claim.goneWorkers ?? [] });
  const history = historyRow(db, experimentId);
  const { n_completed, n_broken, n_new, n_interrupted, n_suspended, n_idle, n_open, n_reserved } = history;
  const maxTrials = Math.min(limitFromSql(history.max_trials), claim.maxTrials ?? Number.POSITIVE_INFINITY);
  const busy = { kind: "busy", revision: history.revision } as const;
  if (n_completed >= maxTrials) return { kind: "done" };
  if (n_broken >= limitFromSql(history.max_broken)) return { kind: "broken" };
  if (n_reserved + n_open + n_completed >= maxTrials) return busy;
  if (claim.only !== undefined && !isWaiting(db, experimentId, claim.only)) return busy;
  const turn: Turn = { experimentId, claim, now, history, revision: oneRevision(db, experimentId, lost) };
  if (n_interrupted + n_suspended + n_new > 0) return { kind: "trial", trial: takeWaiting(db, turn) };
  if (claim.waitingOnly) return busy;
  return takeSlot(db, turn, n_idle > 0 ? takeIdle(db, turn) : openSlot(db, turn));
}

/** One reservation under way. */
interface Turn {
  readonly experimentId: number;
  readonly claim: Claim;
  readonly now: number;
  readonly history: HistoryRow & Limits;
  /** The revision of this transaction, raised when it is first asked for. */
  readonly revision: () => number;
}

/** Invariant 3: one revision for each transaction, however many rows it changes. */
function oneRevision(db: Connection, experimentId: number, known?: number): () => number {
  let revision = known;
  return () => {
    revision ??= nextRevision(db, experimentId);
    return revision;
  };
}

function isWaiting(db: Connection, experimentId: number, id: string): boolean {
  const row = db.sql("select status from trials where experiment = ? and id = ?").get(experimentId, id);
  return predecessors("reserved").includes((row as TrialRow | undefined)?.status as TrialStatus);
}

/** The one that is asked for, else the first in line. */
function takeWaiting(db: Connection, turn: Turn): Trial {
  const { experimentId, claim, now } = turn;
  noteStart(db, turn);
  const first = `select number from trials indexed by trials_waiting
                  where experiment = ? and priority < 2 order by priority, number limit 1`;
  const chosen = "select number from trials where experiment = ? and id = ?";
  const row = db
    .sql(
      `update trials set status = 'reserved', owner = ?, lease_until = ?, epoch = epoch + 1, start_time = ?,
                         end_time = null, failure = null, changed_revision = ?
        where experiment = ? and number = (${claim.only === undefined ? first : chosen})
       returning *, null as late`,
    )
    .get(
      claim.worker,
      now + claim.leaseMs,
      now,
      turn.revision(),
      experimentId,
      experimentId,
      ...(claim.only === undefined ? [] : [claim.only]),
    );
  return trialFromRow(row as TrialRow);
}

type SlotNumber = Pick<SlotLease, "number" | "epoch">;

/** A slot that an algorithm gave back: its number and its place in the history stay. */
function takeIdle(db: Connection, { experimentId, claim, now }: Turn): SlotNumber {
  const row = db
    .sql(
      `update trials set status = 'open', owner = ?, lease_until = ?, epoch = epoch + 1
        where experiment = ? and number = (select number from trials indexed by trials_waiting
                                            where experiment = ? and priority = 2
                                            order by number limit 1)
       returning number, epoch`,
    )
    .get(claim.worker, now + claim.leaseMs, experimentId, experimentId);
  return row as SlotNumber;
}

function openSlot(db: Connection, turn: Turn): SlotNumber {
  const { experimentId, claim, now, history } = turn;
  const revision = turn.revision();
  db.sql("update histories set next_number = next_number + 1 where experiment = ?").run(experimentId);
  db.sql(
    `insert into trials (experiment, number, status, owner, epoch, lease_until, created_revision, changed_revision)
     values (?, ?, 'open', ?, 1, ?, ?, ?)`,
  ).run(experimentId, history.next_number, claim.worker, now + claim.leaseMs, revision, revision);
  return { number: history.next_number, epoch: 1 };
}

/** A slot, or the trial that it becomes at once when its parameters follow from its number. */
function takeSlot(db: Connection, turn: Turn, { number, epoch }: SlotNumber): Reservation {
  const { experimentId, claim } = turn;
  const suggestion = claim.suggest?.(number);
  if (suggestion !== undefined && !isTaken(db, experimentId, suggestion)) {
    return { kind: "trial", trial: setParameters(db, { ...turn, number, suggestion }) };
  }
  return { kind: "slot", slot: { experimentId, number, epoch, worker: claim.worker } };
}

interface LostLeases {
  readonly experimentId: number;
  readonly now: number;
  readonly goneWorkers: readonly WorkerId[];
}

/**
 * Leases that ran out, and those of dead workers, become waiting. Returns the revision at which that happened, if any.
 *
 * The indexes are named, here and above, since SQLite's planner would rather walk the primary key: through every trial
 * that the experiment ever had. Live leases are few.
 */
function voidLostLeases(db: Connection, { experimentId, now, goneWorkers }: LostLeases): number | undefined {
  const lost = db
    .sql(
      `select number from trials indexed by trials_leased
        where experiment = ? and lease_until > 0 and (lease_until <= ? or owner in (select value from json_each(?)))`,
    )
    .all(experimentId, now, JSON.stringify(goneWorkers)) as { number: number }[];
  if (lost.length === 0) return undefined;
  const revision = nextRevision(db, experimentId);
  for (const { number } of lost) {
    db.sql(
      `update trials set status = case status when 'open' then 'idle' else 'interrupted' end,
                         owner = null, lease_until = null, changed_revision = ?
        where experiment = ? and number = ?`,
    ).run(revision, experimentId, number);
  }
  return revision;
}

function fill(db: Connection, lease: SlotLease, suggestion: Suggested): Trial | "duplicate" | "lost" {
  const { experimentId, number } = lease;
  const row = db
    .sql("select *, null as late from trials where experiment = ? and number = ?")
    .get(experimentId, number) as TrialRow | undefined;
  if (row === undefined || row.epoch !== lease.epoch || row.owner !== lease.worker) return "lost";
  if (row.id === suggestion.id) return trialFromRow(row); // the same call once more
  if (row.status !== "open") return "lost";
  if (isTaken(db, experimentId, suggestion)) return "duplicate";
  const history = historyRow(db, experimentId);
  return setParameters(db, {
    experimentId,
    history,
    now: clock(db),
    number,
    suggestion,
    revision: oneRevision(db, experimentId),
  });
}

/** Asked first: the revision is raised and the start noted before the UNIQUE index could refuse. */
function isTaken(db: Connection, experimentId: number, { id, claim }: Suggested): boolean {
  if (db.sql("select 1 from trials where experiment = ? and id = ?").get(experimentId, id) !== undefined) return true;
  if (claim === undefined) return false;
  return db.sql("select 1 from trials where experiment = ? and claim = ?").get(experimentId, claim) !== undefined;
}

interface Filling extends Omit<Turn, "claim"> {
  readonly number: number;
  readonly suggestion: Suggested;
}

function setParameters(db: Connection, filling: Filling): Trial {
  const { experimentId, number, suggestion, now } = filling;
  const revision = filling.revision();
  noteStart(db, filling);
  const row = db
    .sql(
      `update trials set status = 'reserved', id = ?, params = ?, parent = ?, working_dir = ?, basis_revision = ?,
                         attempt = ?, facts = ?, claim = ?, submit_time = ?, start_time = ?, filled_revision = ?,
                         changed_revision = ?
        where experiment = ? and number = ? returning *, null as late`,
    )
    .get(
      suggestion.id,
      encodeJson(suggestion.params),
      suggestion.parent ?? null,
      suggestion.workingDir,
      suggestion.basisRevision,
      suggestion.attempt,
      suggestion.facts === undefined ? null : encodeJson(suggestion.facts),
      suggestion.claim ?? null,
      now,
      now,
      revision,
      revision,
      experimentId,
      number,
    );
  return trialFromRow(row as TrialRow);
}

function noteStart(
  db: Connection,
  { experimentId, history, now }: Pick<Turn, "experimentId" | "history" | "now">,
): void {
  if (history.first_start !== null) return;
  db.sql("update histories set first_start = ? where experiment = ?").run(now, experimentId);
}
