import { ConflictError } from "../../errors.js";
import { type ExperimentRow, experimentFromRow, limitToSql } from "../rows.js";
import type { ExperimentChange, Storage } from "../storage.js";
import type { Connection } from "./connection.js";
import { codeOf, detailOf } from "./errors.js";
import { readExperiment, selectExperiment } from "./history.js";
import { refusals } from "./history-functions.js";

type ExperimentOperations = Pick<
  Storage,
  "createExperiment" | "getExperiment" | "listExperiments" | "changeExperiment" | "removeExperiments"
>;

export function experimentOperations(db: Connection): ExperimentOperations {
  return {
    async createExperiment({ name, version = 1, definition, maxTrials, maxBroken, workingDir, parent }) {
      const id = await db
        .once<number>(
          "create_experiment",
          name,
          version,
          JSON.stringify(definition),
          definition.direction,
          limitToSql(maxTrials),
          limitToSql(maxBroken),
          workingDir,
          parent === undefined ? null : JSON.stringify(parent),
        )
        .catch((error: unknown) => {
          if (codeOf(error) !== refusals.conflict) throw error;
          throw new ConflictError(`Experiment "${name}" version ${version} already exists.`);
        });
      return readExperiment(db, id);
    },

    async getExperiment(name, version) {
      const [row] = await db.rows<ExperimentRow>(
        `${selectExperiment} where name = $1 and (version = $2 or $2::bigint is null) order by version desc limit 1`,
        [name, version ?? null],
      );
      return row === undefined ? undefined : experimentFromRow(row);
    },

    async listExperiments(name) {
      const rows = await db.rows<ExperimentRow>(
        `${selectExperiment} where name = $1 or $1::text is null order by name collate "C", version`,
        [name ?? null],
      );
      return rows.map(experimentFromRow);
    },

    async changeExperiment(experimentId, change) {
      const { expectedRevision = null } = change;
      await db
        .once("change_experiment", experimentId, expectedRevision, JSON.stringify(columnsOf(change)))
        .catch((error: unknown) => {
          if (codeOf(error) !== refusals.conflict) throw error;
          throw new ConflictError(
            `Somebody else changed experiment ${detailOf(error)} at the same moment.`,
            "Look at it with `orion info` and run the command again.",
          );
        });
      return readExperiment(db, experimentId);
    },

    removeExperiments: (experimentIds) => db.once("remove_experiments", experimentIds),
  };
}

/** The columns that change; `undefined` ones do not get into the JSON. */
function columnsOf({ maxTrials, maxBroken, workingDir, definition }: ExperimentChange): object {
  return {
    max_trials: maxTrials === undefined ? undefined : limitToSql(maxTrials),
    max_broken: maxBroken === undefined ? undefined : limitToSql(maxBroken),
    working_dir: workingDir,
    definition: definition === undefined ? undefined : JSON.stringify(definition),
    direction: definition?.direction,
  };
}
