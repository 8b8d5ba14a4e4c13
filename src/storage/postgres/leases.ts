import type { QueryResultRow } from "pg";
import { encodeJson } from "../../space/odd-floats.js";
import type { WorkerId } from "../../trial/trial.js";
import { unpackTrials } from "../packed-trials.js";
import { limitToSql } from "../rows.js";
import type { Claim, LeaseKey, Reservation, Storage, Suggested } from "../storage.js";
import type { Ask, Connection, Reserving, Rows } from "./connection.js";
import { createForesight, type Foresight } from "./foresight.js";
import { throwGone } from "./history.js";

type LeaseOperations = Pick<
  Storage,
  "reserveTrial" | "fillSlot" | "returnSlot" | "renewLeases" | "releaseTrial" | "listOwners"
>;

export function leaseOperations(db: Connection): LeaseOperations {
  const foresight = createForesight();
  return {
    // The next trial, asked for in the turn in which one ended, goes with its results: one round trip, and one commit.
    reserveTrial: (experimentId, claim) =>
      new Promise((resolve, reject) => {
        const start = (ask: Ask) => reserve({ db, foresight, experimentId, claim, ask }).then(resolve, reject);
        if (!db.join(experimentId, start)) void db.inOrder((rows) => start(askAlone(rows, experimentId)));
      }),

    async fillSlot({ experimentId, number, epoch, worker }, suggestion) {
      const [row] = await db.change<{ outcome: "filled" | "duplicate" | "lost"; packed: string | null }>(
        "call orion.fill($1, $2, $3, $4, $5, null, null)",
        [experimentId, number, epoch, worker, JSON.stringify(suggestionToSql(suggestion))],
      );
      const { outcome, packed } = row!;
      return outcome === "filled" ? unpackTrials(experimentId, packed)[0]! : outcome;
    },

    async returnSlot({ experimentId, number, epoch, worker }, how) {
      const values = [experimentId, number, epoch, worker, how === "drop"];
      await db.change("call orion.give_back($1, $2, $3, $4, $5)", values);
    },

    async renewLeases(worker, leases, leaseMs) {
      const column = (name: keyof LeaseKey) => leases.map((lease) => lease[name]);
      const lost = await db.change<{ lost: number }>("select * from orion.renew_leases($1, $2, $3, $4, $5)", [
        worker,
        column("experimentId"),
        column("number"),
        column("epoch"),
        leaseMs,
      ]);
      return lost.map((row) => leases[row.lost - 1]!);
    },

    async releaseTrial({ experimentId, number, epoch }, status, failure) {
      const [row] = await db.change<{ done: boolean }>("call orion.release($1, $2, $3, $4, $5, null)", [
        experimentId,
        number,
        epoch,
        status,
        failure === undefined ? null : JSON.stringify(failure),
      ]);
      return row!.done;
    },

    async listOwners(experimentId) {
      const rows = await db.rows<{ owner: WorkerId }>(
        `select distinct owner from orion.trials
          where experiment = $1 and lease_until is not null and owner is not null`,
        [experimentId],
      );
      return rows.map((row) => row.owner);
    },
  };
}

/** Who asked for a certain trial does not want the answer to a question for another one. */
const nonceKey = (experimentId: number, { worker, only = "" }: Claim): string =>
  `reserve ${experimentId} ${worker} ${only}`;

interface Turn {
  readonly db: Connection;
  readonly foresight: Foresight;
  readonly experimentId: number;
  readonly claim: Claim;
  /** For the first question. */
  readonly ask: Ask;
}

interface ReservedRow {
  kind: "trial" | "slot" | "done" | "broken" | "busy" | "suggest";
  /** Revision, for `busy`. */
  known: number | null;
  /** The number that the next new slot will have, or the one to suggest for. */
  upcoming: number | null;
  slot: Pick<LeaseKey, "number" | "epoch"> | null;
  packed: string | null;
}

/**
 * A reservation is one statement; its answer may be lost on the way back. Then the worker owns a trial and does not
 * know, which nobody else may take while the worker lives. So each reservation has a name (nonce) that is written into
 * the row, and a repeated call looks for it:
 *
 * - Not found, under the lock of the history: the first attempt was not carried out. If it comes later (the connection
 *   was cut while it waited for that lock), the UNIQUE name ends it. So at any time one row at most is leased under it.
 * - Found with our lease alive: that is the answer.
 * - The lease has ended meanwhile: it ran out, or a late result completed the trial. Whatever ends a lease takes its
 *   name off the row, so it is as if it was not found.
 *
 * The name of a call that failed for good is kept for the next call of this worker, which asks for the same. If there is
 * none, nobody names its lease when leases are renewed, and it runs out. So does that of a first attempt which comes so
 * late that its repetition, the trial and the name are over. If the process dies, the lease is that of a dead worker like
 * any other.
 */
async function reserve(turn: Turn): Promise<Reservation> {
  const { db, experimentId, claim } = turn;
  return db.nonces.use(nonceKey(experimentId, claim), async (nonce, isOldName) => {
    const { suggest } = claim;
    let ask = turn.ask;
    const question = (suggestions: string | null) =>
      ask<ReservedRow>(reserving(claim, { nonce, isOldName, suggestions }));
    if (suggest === undefined) return answer(turn, await question(null));
    // Parameters are thought of before the number is known: for those that come next, as far as anybody can tell.
    for (let turns = 0; turns < maxGuesses; turns++) {
      const guesses = turn.foresight.suggestions(experimentId, suggest, suggestionToSql);
      if (guesses === undefined) break;
      const row = await question(JSON.stringify(guesses));
      turn.foresight.learn(experimentId, row);
      if (row.kind !== "suggest") return answer(turn, row);
      ask = askAlone(db.rows, experimentId);
    }
    // The others are too quick for us. A slot will do: it is filled in a second step.
    const row = await question(null);
    turn.foresight.learn(experimentId, row);
    return answer(turn, row);
  });
}

const maxGuesses = 2;

interface Question {
  readonly nonce: string;
  readonly isOldName: boolean;
  /** JSON by number; null: an empty slot is wanted. */
  readonly suggestions: string | null;
}

function reserving(claim: Claim, { nonce, isOldName, suggestions }: Question): Reserving {
  const { worker, leaseMs, goneWorkers = [], waitingOnly = false, only = null, maxTrials = Infinity } = claim;
  return (isRepeated) => [
    worker,
    leaseMs,
    goneWorkers,
    waitingOnly,
    only,
    limitToSql(maxTrials),
    nonce,
    isRepeated || isOldName,
    suggestions,
  ];
}

/** Asks with a statement of its own. */
function askAlone(rows: Rows, experimentId: number): Ask {
  return async <Row extends QueryResultRow>(question: Reserving) => {
    const [row] = await rows<Row>(
      "call orion.reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, null, null, null)",
      (isRepeated) => [experimentId, ...question(isRepeated)],
    );
    return row!;
  };
}

function answer({ db, experimentId, claim }: Turn, row: ReservedRow): Reservation {
  const { kind, known } = row;
  if (kind === "trial") return { kind, trial: unpackTrials(experimentId, row.packed)[0]! };
  if (kind === "slot") return { kind, slot: { experimentId, ...row.slot!, worker: claim.worker } };
  if (kind === "busy") return { kind, revision: known! };
  if (kind === "suggest") return throwGone(db, experimentId);
  return { kind };
}

function suggestionToSql({ params, facts, ...rest }: Suggested): object {
  return { ...rest, params: encodeJson(params), facts: facts === undefined ? undefined : encodeJson(facts) };
}
