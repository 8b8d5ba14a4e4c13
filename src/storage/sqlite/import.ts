import { ConflictError } from "../../errors.js";
import { encodeJson } from "../../space/odd-floats.js";
import { type Belonging, type Placed, placeOf, startTally, type Tally } from "../placed.js";
import type { Destination, ImportTally, StoredExperiment, StoredRecord, StoredReport } from "../records.js";
import { limitToSql } from "../rows.js";
import { type Connection, isDuplicate } from "./connection.js";
import { freshExperimentId, nextRevision } from "./history.js";
import { insertTrial, mergeLateResults, mergeTrial } from "./import-trial.js";

/** To be called in a writing transaction of its own: whatever it throws takes everything back. */
export function importAll(
  db: Connection,
  records: Iterable<StoredRecord>,
  place: (experiment: StoredExperiment) => Destination,
): ImportTally {
  const tally = startTally();
  const placed = new Map<number, Placed<number>>();
  for (const record of records) {
    if (record.kind === "experiment") {
      placed.set(record.experiment, placeExperiment(db, { record, destination: place(record), placed, tally }));
      continue;
    }
    const target = placeOf(record, placed);
    if (target.kind === "create") store(db, target.experimentId, record);
    if (target.kind === "create" && record.kind === "trial" && record.id !== undefined) tally.trials++;
    if (target.kind === "merge") merge(db, target, { record, tally });
  }
  return tally;
}

/** As it was. */
function store(db: Connection, experimentId: number, record: Belonging): void {
  if (record.kind === "trial") {
    insertTrial(db, experimentId, record);
  } else if (record.kind === "late-results") {
    db.sql("insert into late_results (experiment, number, epoch, results) values (?, ?, ?, ?)").run(
      experimentId,
      record.number,
      record.epoch,
      encodeJson(record.results),
    );
  } else if (record.kind === "report") {
    storeReport(db, experimentId, record);
  } else {
    db.sql(
      "insert into former_definitions (experiment, until_revision, max_trials, definition) values (?, ?, ?, ?)",
    ).run(experimentId, record.untilRevision, limitToSql(record.maxTrials), JSON.stringify(record.definition));
  }
}

/** Joined with what is there; what an experiment was before is its own affair. */
function merge(db: Connection, target: Placed<number>, { record, tally }: { record: Belonging; tally: Tally }): void {
  if (record.kind === "trial") {
    mergeTrial(db, { trial: record, target, tally });
  } else if (record.kind === "late-results") {
    mergeLateResults(db, target, record);
  } else if (record.kind === "report") {
    const number = target.numbers.get(record.number);
    if (number !== undefined) storeReport(db, target.experimentId, { ...record, number });
  }
}

/** Of a trial that both sides reported on, ours stay. */
function storeReport(db: Connection, experimentId: number, { number, step, value }: Omit<StoredReport, "kind">): void {
  db.sql("insert or ignore into reports (experiment, number, step, value) values (?, ?, ?, ?)").run(
    experimentId,
    number,
    step,
    encodeJson(value),
  );
}

interface Placing {
  readonly record: StoredExperiment;
  readonly destination: Destination;
  readonly placed: ReadonlyMap<number, Placed<number>>;
  readonly tally: Tally;
}

function placeExperiment(db: Connection, { record, destination, placed, tally }: Placing): Placed<number> {
  const numbers = new Map<number, number>();
  if (destination.kind === "create") {
    tally.created++;
    const experimentId = create(db, { record, destination, placed });
    return { kind: "create", experimentId, numbers, revision: () => record.revision };
  }
  const { kind, experimentId } = destination;
  tally[kind === "merge" ? "merged" : "skipped"]++;
  let revision: number | undefined;
  return {
    kind,
    experimentId,
    numbers,
    revision: () => {
      revision ??= nextRevision(db, experimentId);
      return revision;
    },
  };
}

interface Creation extends Pick<Placing, "record" | "placed"> {
  readonly destination: Destination & { readonly kind: "create" };
}

function create(db: Connection, { record, destination, placed }: Creation): number {
  const { version, replaces } = destination;
  // Out of the way of the UNIQUE (name, version); it goes only after its children have found their new parent, so that
  // no id is used twice and its workers notice that it is gone.
  if (replaces !== undefined) db.sql("update experiments set version = -version where id = ?").run(replaces);
  const parent = record.parent && placed.get(record.parent.experiment);
  const link = parent && { experimentId: parent.experimentId, adapters: record.parent!.adapters };
  let id: number;
  try {
    ({ id } = db
      .sql(
        `insert into experiments (id, name, version, definition, max_trials, max_broken, working_dir, parent,
                                  definition_revision, created_time)
         values (${freshExperimentId}, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
      )
      .get(
        record.name,
        version,
        JSON.stringify(record.definition),
        limitToSql(record.maxTrials),
        limitToSql(record.maxBroken),
        record.workingDir,
        link === undefined ? null : JSON.stringify(link),
        record.definitionRevision,
        record.createdTime,
      ) as { id: number });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new ConflictError(`Experiment "${record.name}" version ${version} already exists.`);
  }
  db.sql(
    `insert into histories (experiment, revision, rewritten_revision, next_number, first_start, last_end)
     values (?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    record.revision,
    record.rewrittenRevision,
    record.nextNumber,
    record.firstStart ?? null,
    record.lastEnd ?? null,
  );
  if (replaces !== undefined) takePlace(db, { id, replaces });
  return id;
}

function takePlace(db: Connection, { id, replaces }: { readonly id: number; readonly replaces: number }): void {
  db.sql(
    `update experiments set parent = json_set(parent, '$.experimentId', ?)
      where json_extract(parent, '$.experimentId') = ?`,
  ).run(id, replaces);
  db.sql("delete from experiments where id = ?").run(replaces);
}
