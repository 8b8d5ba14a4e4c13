import { encodeJson } from "../../space/odd-floats.js";
import type { Belonging } from "../placed.js";
import type { FormerDefinition, LateResults, StoredReport, StoredTrial } from "../records.js";
import { limitToSql } from "../rows.js";
import { restingRow } from "../stored-rows.js";
import type { Session } from "./connection.js";

/** Store what belongs to an experiment as it was. Returns how many trials that were. */
export async function store(session: Session, experimentId: number, batch: readonly Belonging[]): Promise<number> {
  const [{ kind }] = batch as [Belonging];
  if (kind === "trial") {
    const trials = batch as readonly StoredTrial[];
    await insertTrials(session, experimentId, trials);
    return trials.filter(({ id }) => id !== undefined).length;
  }
  if (kind === "late-results") await insertLateResults(session, experimentId, batch as readonly LateResults[]);
  else if (kind === "report") await insertReports(session, experimentId, batch as readonly StoredReport[]);
  else await insertFormer(session, experimentId, batch as readonly FormerDefinition[]);
  return 0;
}

/** Trials or empty slots, leased to nobody. */
export async function insertTrials(
  session: Session,
  experimentId: number,
  trials: readonly StoredTrial[],
): Promise<void> {
  const rows = trials.map(restingRow);
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]!).join(", ");
  await session.rows(
    `insert into orion.trials (experiment, ${names})
     select $1::bigint, ${names} from json_populate_recordset(null::orion.trials, $2)`,
    [experimentId, JSON.stringify(rows)],
  );
}

/** In the order of arrival. Of a trial that both sides reported on, ours stay. */
export async function insertReports(
  session: Session,
  experimentId: number,
  reports: readonly Pick<StoredReport, "number" | "step" | "value">[],
): Promise<void> {
  await session.rows(
    `insert into orion.reports (experiment, number, step, value)
     select $1::bigint, number, step, value
       from unnest($2::bigint[], $3::double precision[], $4::text[]) with ordinality as t (number, step, value, place)
      order by place on conflict (experiment, number, step) do nothing`,
    [
      experimentId,
      reports.map(({ number }) => number),
      reports.map(({ step }) => step),
      reports.map(({ value }) => encodeJson(value)),
    ],
  );
}

export async function insertLateResults(
  session: Session,
  experimentId: number,
  late: readonly Pick<LateResults, "number" | "epoch" | "results">[],
): Promise<void> {
  await session.rows(
    `insert into orion.late_results (experiment, number, epoch, results)
     select $1::bigint, * from unnest($2::bigint[], $3::bigint[], $4::text[])`,
    [
      experimentId,
      late.map(({ number }) => number),
      late.map(({ epoch }) => epoch),
      late.map(({ results }) => encodeJson(results)),
    ],
  );
}

async function insertFormer(
  session: Session,
  experimentId: number,
  former: readonly FormerDefinition[],
): Promise<void> {
  for (const { untilRevision, maxTrials, definition } of former) {
    await session.rows(
      "insert into orion.former_definitions (experiment, until_revision, max_trials, definition) values ($1, $2, $3, $4)",
      [experimentId, untilRevision, limitToSql(maxTrials), JSON.stringify(definition)],
    );
  }
}
