import type { StoredRecord } from "../records.js";
import type { ExperimentRow, HistoryRow, TrialRow } from "../rows.js";
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
import type { Session } from "./connection.js";
import { gone, selectExperiment } from "./history.js";

interface Export {
  readonly id: number;
  /** Number among the records of each experiment that is exported, by its id. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly write: (record: StoredRecord) => void;
  readonly url: string;
}

/** Rows are read in pages: a history of any length needs the memory of one. */
const pageSize = 2000;

/** Everything that is stored of one experiment, as records. */
export async function exportOne(session: Session, { id, numbers, write, url }: Export): Promise<void> {
  const experiment = numbers.get(id)!;
  const [row] = await session.rows<ExperimentRow>(`${selectExperiment} where id = $1`, [id]);
  const [history] = await session.rows<HistoryRow>("select * from orion.histories where experiment = $1", [id]);
  if (row === undefined || history === undefined) throw gone(id, url);
  write(experimentRecord(row, history, numbers));
  const former = "select * from orion.former_definitions where experiment = $1 order by until_revision";
  for (const one of await session.rows<FormerRow & object>(former, [id])) write(formerRecord(experiment, one));
  const trials = "select * from orion.trials where experiment = $1 and number > $2 order by number limit $3";
  for await (const one of pages<TrialRow>(session, { text: trials, id, key: (last) => last.number })) {
    write(trialRecord(experiment, one));
  }
  const late = "select * from orion.late_results where experiment = $1 order by number, epoch";
  for (const one of await session.rows<LateRow & object>(late, [id])) write(lateRecord(experiment, one));
  const reports = "select * from orion.reports where experiment = $1 and position > $2 order by position limit $3";
  for await (const one of pages<ReportRow>(session, { text: reports, id, key: (last) => last.position })) {
    write(reportRecord(experiment, one));
  }
}

interface Pages<Row> {
  /** Takes the experiment, the key to go on behind, and how many rows. */
  readonly text: string;
  readonly id: number;
  readonly key: (row: Row) => number;
}

async function* pages<Row extends object>(session: Session, { text, id, key }: Pages<Row>): AsyncGenerator<Row> {
  let last = 0;
  for (;;) {
    const rows = await session.rows<Row>(text, [id, last, pageSize]);
    yield* rows;
    if (rows.length < pageSize) return;
    last = key(rows.at(-1)!);
  }
}
