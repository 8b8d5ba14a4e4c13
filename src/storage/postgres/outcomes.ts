import { ConflictError } from "../../errors.js";
import { encodeJson } from "../../space/odd-floats.js";
import { isFinal } from "../../trial/trial.js";
import { rankOf, type TrialRow, trialFromRow } from "../rows.js";
import type { InsertedTrial, Storage, TrialFilter } from "../storage.js";
import type { Connection } from "./connection.js";
import { codeOf, detailOf } from "./errors.js";
import { trialColumns } from "./history.js";
import { refusals } from "./history-functions.js";

type OutcomeOperations = Pick<Storage, "finishTrial" | "insertTrials" | "setStatus" | "removeTrials">;

export function outcomeOperations(db: Connection): OutcomeOperations {
  return {
    async finishTrial({ experimentId, number, epoch }, results, how = {}) {
      const [row] = await db.change<{ fate: "completed" | "kept" | "removed" }>(
        "select orion.finish_trial($1, $2, $3, $4, $5, $6) as fate",
        [experimentId, number, epoch, encodeJson(results), rankOf(results), how.stoppedAt ?? null],
      );
      return row!.fate;
    },

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

/** Statuses and ids; null where there is no condition. */
export function filterValues({ statuses, ids }: TrialFilter): [readonly string[] | null, readonly string[] | null] {
  return [statuses ?? null, ids ?? null];
}

function insertedToSql({ id, params, workingDir, results }: InsertedTrial): object {
  const done = results === undefined ? {} : { results: encodeJson(results), objective: rankOf(results) };
  return { id, params: encodeJson(params), workingDir, ...done };
}
