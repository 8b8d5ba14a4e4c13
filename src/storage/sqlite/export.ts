import { decodeJson } from "../../space/odd-floats.js";
import type { Result } from "../../trial/trial.js";
import type { RowStatus, StoredRecord, StoredTrial } from "../records.js";
import type { Definition } from "../storage.js";
import type { Connection } from "./connection.js";
import { experimentRow, historyRow } from "./history.js";
import { experimentFromRow, limitFromSql, type TrialRow } from "./rows.js";
import { rowStatuses } from "./schema.js";

interface Export {
  readonly id: number;
  /** Number among the records of each experiment that is exported, by its id. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly write: (record: StoredRecord) => void;
}

/** Rows are read in pages: a history of any length needs the memory of one. */
const pageSize = 500;

/** Everything that is stored of one experiment, as records. */
export function exportOne(db: Connection, { id, numbers, write }: Export): void {
  const experiment = numbers.get(id)!;
  write(experimentRecord(db, id, numbers));
  for (const row of db
    .sql("select * from former_definitions where experiment = ? order by until_revision")
    .all(id) as FormerRow[]) {
    write({
      kind: "former-definition",
      experiment,
      untilRevision: row.until_revision,
      maxTrials: limitFromSql(row.max_trials),
      definition: JSON.parse(row.definition) as Definition,
    });
  }
  const trials = "select *, null as late from trials where experiment = ? and number > ? order by number limit ?";
  for (const row of pages<TrialRow>(db, { text: trials, id, key: (last) => last.number })) {
    write({ ...trialRecord(row), experiment });
  }
  const late = db.sql("select * from late_results where experiment = ? order by number, epoch").all(id) as LateRow[];
  for (const { number, epoch, results } of late) {
    write({ kind: "late-results", experiment, number, epoch, results: decodeJson(results) as Result[] });
  }
  const reports = "select * from reports where experiment = ? and position > ? order by position limit ?";
  for (const row of pages<ReportRow>(db, { text: reports, id, key: (last) => last.position })) {
    const { number, step } = row;
    write({ kind: "report", experiment, number, step, value: decodeJson(row.value) as number });
  }
}

interface FormerRow {
  until_revision: number;
  max_trials: number | null;
  definition: string;
}

interface LateRow {
  number: number;
  epoch: number;
  results: string;
}

interface ReportRow {
  position: number;
  number: number;
  step: number;
  value: string;
}

interface Pages<Row> {
  /** Takes the experiment, the key to go on behind, and how many rows. */
  readonly text: string;
  readonly id: number;
  readonly key: (row: Row) => number;
}

function* pages<Row>(db: Connection, { text, id, key }: Pages<Row>): Generator<Row> {
  let last = 0;
  for (;;) {
    const rows = db.sql(text).all(id, last, pageSize) as Row[];
    yield* rows;
    if (rows.length < pageSize) return;
    last = key(rows.at(-1)!);
  }
}

function experimentRecord(db: Connection, experimentId: number, numbers: Export["numbers"]): StoredRecord {
  const { id: _, parent, ...record } = experimentFromRow(experimentRow(db, experimentId));
  const history = historyRow(db, experimentId);
  const parentNumber = parent === undefined ? undefined : numbers.get(parent.experimentId);
  return withoutGaps({
    kind: "experiment" as const,
    experiment: numbers.get(experimentId)!,
    ...record,
    parent: parentNumber === undefined ? undefined : { experiment: parentNumber, adapters: parent!.adapters },
    rewrittenRevision: history.rewritten_revision,
    nextNumber: history.next_number,
    firstStart: history.first_start,
    lastEnd: history.last_end,
    counts: Object.fromEntries(rowStatuses.map((status) => [status, history[`n_${status}`]])) as Record<
      RowStatus,
      number
    >,
  });
}

function trialRecord(row: TrialRow): Omit<StoredTrial, "experiment"> {
  return withoutGaps({
    kind: "trial" as const,
    number: row.number,
    status: row.status as RowStatus,
    id: row.id,
    params: document<StoredTrial["params"]>(row.params),
    results: document<StoredTrial["results"]>(row.results),
    parent: row.parent,
    owner: row.owner,
    epoch: row.epoch,
    leaseUntil: row.lease_until,
    submitTime: row.submit_time,
    startTime: row.start_time,
    endTime: row.end_time,
    createdRevision: row.created_revision,
    filledRevision: row.filled_revision,
    changedRevision: row.changed_revision,
    finishedRevision: row.finished_revision,
    finishedEpoch: row.finished_epoch,
    basisRevision: row.basis_revision,
    attempt: row.attempt,
    workingDir: row.working_dir,
    failure: document<StoredTrial["failure"]>(row.failure),
    facts: document<StoredTrial["facts"]>(row.facts),
    claim: row.claim,
    stoppedAt: row.stopped_at,
  });
}

const document = <T>(text: string | null): T | undefined => (text === null ? undefined : (decodeJson(text) as T));

type WithoutGaps<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : null extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : null extends T[Key] ? Key : never]?: Exclude<
    T[Key],
    undefined | null
  >;
};

/** A record leaves out what has no value. */
function withoutGaps<T extends object>(record: T): WithoutGaps<T> {
  const known = Object.entries(record).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as WithoutGaps<T>;
}
