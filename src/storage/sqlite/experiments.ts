import { ConflictError } from "../../errors.js";
import { type ExperimentRow, experimentFromRow, limitToSql } from "../rows.js";
import type { ExperimentChange, ExperimentRecord, NewExperiment, Storage } from "../storage.js";
import { type Connection, isDuplicate, type Value } from "./connection.js";
import { clock, experimentRow, freshExperimentId, nextRevision, selectExperiment, useUpId } from "./history.js";

type ExperimentOperations = Pick<
  Storage,
  "createExperiment" | "getExperiment" | "listExperiments" | "changeExperiment" | "removeExperiments"
>;

export function experimentOperations(db: Connection): ExperimentOperations {
  return {
    createExperiment: (experiment) => db.write(() => create(db, experiment)),

    getExperiment: (name, version) =>
      db.read(() => {
        const row = db
          .sql(`${selectExperiment} where name = ?1 and (version = ?2 or ?2 is null) order by version desc limit 1`)
          .get(name, version ?? null);
        return row === undefined ? undefined : experimentFromRow(row as ExperimentRow);
      }),

    listExperiments: (name) =>
      db.read(() => {
        const rows = db
          .sql(`${selectExperiment} where name = ?1 or ?1 is null order by name, version`)
          .all(name ?? null);
        return (rows as ExperimentRow[]).map(experimentFromRow);
      }),

    changeExperiment: (experimentId, change) => db.write(() => applyChange(db, experimentId, change)),

    removeExperiments: (experimentIds) =>
      db.write(() => {
        let trials = 0;
        for (const id of experimentIds) {
          experimentRow(db, id);
          trials += Number(db.sql("delete from trials where experiment = ? and id is not null").run(id).changes);
          db.sql("delete from experiments where id = ?").run(id);
          useUpId(db, id);
        }
        return { experiments: experimentIds.length, trials };
      }),
  };
}

function create(db: Connection, experiment: NewExperiment): ExperimentRecord {
  try {
    const { id } = db
      .sql(
        `insert into experiments (id, name, version, definition, max_trials, max_broken, working_dir, parent,
                                  definition_revision, created_time)
         values (${freshExperimentId}, ?, ?, ?, ?, ?, ?, ?, 1, ?) returning id`,
      )
      .get(
        experiment.name,
        experiment.version ?? 1,
        JSON.stringify(experiment.definition),
        limitToSql(experiment.maxTrials),
        limitToSql(experiment.maxBroken),
        experiment.workingDir,
        experiment.parent === undefined ? null : JSON.stringify(experiment.parent),
        clock(db),
      ) as { id: number };
    db.sql("insert into histories (experiment) values (?)").run(id);
    return experimentFromRow(experimentRow(db, id));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new ConflictError(`Experiment "${experiment.name}" version ${experiment.version ?? 1} already exists.`);
  }
}

function applyChange(db: Connection, experimentId: number, change: ExperimentChange): ExperimentRecord {
  const row = experimentRow(db, experimentId);
  if (change.expectedRevision !== undefined && change.expectedRevision !== row.definition_revision) {
    throw new ConflictError(
      `Somebody else changed experiment "${row.name}" version ${row.version} at the same moment.`,
      "Look at it with `orion info` and run the command again.",
    );
  }
  const columns: [string, Value][] = [];
  if (change.maxTrials !== undefined) columns.push(["max_trials", limitToSql(change.maxTrials)]);
  if (change.maxBroken !== undefined) columns.push(["max_broken", limitToSql(change.maxBroken)]);
  if (change.workingDir !== undefined) columns.push(["working_dir", change.workingDir]);
  if (change.definition !== undefined) columns.push(["definition", JSON.stringify(change.definition)]);
  if (columns.length === 0) return experimentFromRow(row);
  const assignments = columns.map(([name]) => `${name} = ?`).join(", ");
  db.sql(`update experiments set ${assignments}, definition_revision = definition_revision + 1 where id = ?`).run(
    ...columns.map(([, value]) => value),
    experimentId,
  );
  const revision = nextRevision(db, experimentId);
  db.sql("insert into former_definitions (experiment, until_revision, max_trials, definition) values (?, ?, ?, ?)").run(
    experimentId,
    revision,
    row.max_trials,
    row.definition,
  );
  return experimentFromRow(experimentRow(db, experimentId));
}
