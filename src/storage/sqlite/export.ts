import type { StoredRecord } from "../records.js";
import type { TrialRow } from "../rows.js";
import {
  experimentRecord,
  type FormerRow,
  formerRecord,
  type LateRow,
  lateRecord,
  type ReportRow,
  reportRecord,
  trialRecord,
} from "../stored-rows.js";
import type { Connection } from "./connection.js";
import { experimentRow, historyRow } from "./history.js";

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
  write(experimentRecord(experimentRow(db, id), historyRow(db, id), numbers));
  const former = db.sql("select * from former_definitions where experiment = ? order by until_revision").all(id);
  for (const row of former as FormerRow[]) write(formerRecord(experiment, row));
  const trials = "select * from trials where experiment = ? and number > ? order by number limit ?";
  for (const row of pages<TrialRow>(db, { text: trials, id, key: (last) => last.number })) {
    write(trialRecord(experiment, row));
  }
  const late = db.sql("select * from late_results where experiment = ? order by number, epoch").all(id);
  for (const row of late as LateRow[]) write(lateRecord(experiment, row));
  const reports = "select * from reports where experiment = ? and position > ? order by position limit ?";
  for (const row of pages<ReportRow>(db, { text: reports, id, key: (last) => last.position })) {
    write(reportRecord(experiment, row));
  }
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
