import type { QueryResultRow } from "pg";
import { ConflictError, StorageError } from "../../errors.js";
import { encodeJson } from "../../space/odd-floats.js";
import { isFinal } from "../../trial/trial.js";
import { rankOf, type TrialRow, trialFromRow } from "../rows.js";
import type { InsertedTrial, Storage, TrialFilter } from "../storage.js";
import type { Ask, Connection, Reserving, Rows } from "./connection.js";
import { codeOf, detailOf } from "./errors.js";
import { trialColumns } from "./history.js";
import { refusals } from "./history-functions.js";

type OutcomeOperations = Pick<Storage, "finishTrial" | "insertTrials" | "setStatus" | "removeTrials">;

export function outcomeOperations(db: Connection): OutcomeOperations {
  return {
    finishTrial: ({ experimentId, number, epoch }, results, how = {}) =>
      finish(db, [experimentId, number, epoch, encodeJson(results), rankOf(results), how.stoppedAt ?? null]),

    async insertTrials(experimentId, trials) {
      const numbers = await db
        .once<number[]>("insert_trials", experimentId, JSON.stringify(trials.map(insertedToSql)))
        .catch((error: unknown) => {
          if (codeOf(error) !== refusals.conflict) throw error;
          throw new ConflictError(
            `A trial with these parameters is already in the experiment (id ${detailOf(error)}).`,
            "Each point is evaluated once; `orion status --all` lists the trials.",
          );
        });
      const rows = await db.rows<TrialRow>(
        `select ${trialColumns} from orion.trials t where experiment = $1 and number = any ($2) order by number`,
        [experimentId, numbers],
      );
      return rows.map(trialFromRow);
    },

    setStatus: (experimentId, filter, status) =>
      db.once<number>("set_status", experimentId, ...filterValues(filter), status, isFinal(status)),

    removeTrials: (experimentId, filter) => db.once<number>("remove_trials", experimentId, ...filterValues(filter)),
  };
}

type Fate = "completed" | "kept" | "removed";

/** Record results; a reservation that is asked for in the same turn goes with them. */
function finish(db: Connection, ending: readonly [experimentId: number, ...unknown[]]): Promise<Fate> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const alone = async (rows: Rows) => {
      const [row] = await rows<{ fate: Fate }>("call orion.finish($1, $2, $3, $4, $5, $6, null)", ending);
      return row!.fate;
    };
    const together =
      (rows: Rows): Ask =>
      async <Row extends QueryResultRow>(question: Reserving) => {
        try {
          const [row] = await rows<Row & { fate: Fate }>(finishAndReserve, (isRepeated) => [
            ...ending,
            ...question(isRepeated),
          ]);
          resolve(row!.fate);
          isAnswered = true;
          return row!;
        } catch (error) {
          // The database is away for both; any other trouble is that of the reservation.
          isAnswered = error instanceof StorageError && error.retryable;
          if (isAnswered) reject(error);
          throw error;
        }
      };
    void db.joinable(ending[0], async (guest, rows) => {
      await guest?.(together(rows));
      if (!isAnswered) await alone(rows).then(resolve, reject);
    });
  });
}

const finishAndReserve = `
  call orion.finish_and_reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                null, null, null, null, null, null)`;

/** Statuses and ids; null where there is no condition. */
export function filterValues({ statuses, ids }: TrialFilter): [readonly string[] | null, readonly string[] | null] {
  return [statuses ?? null, ids ?? null];
}

function insertedToSql({ id, params, workingDir, results, lease }: InsertedTrial): object {
  const state = results === undefined ? lease : { results: encodeJson(results), objective: rankOf(results) };
  return { id, params: encodeJson(params), workingDir, ...state };
}
