import { decodeJson, encodeJson } from "../../space/odd-floats.js";
import type { Report } from "../../trial/trial.js";
import type { LeaseKey, Storage } from "../storage.js";
import type { Connection } from "./connection.js";

type ReportOperations = Pick<Storage, "addReports" | "readReports">;

export function reportOperations(db: Connection): ReportOperations {
  return {
    addReports: (lease, reports) => db.write(() => add(db, lease, reports)),

    readReports: (experimentId, since) =>
      db.read(() => {
        const rows = db
          .sql(
            "select position, number, step, value from reports where experiment = ? and position > ? order by position",
          )
          .all(experimentId, since) as ReportRow[];
        const reports = rows.map(({ number, step, value }) => ({ number, step, value: decodeJson(value) as number }));
        return { cursor: rows.at(-1)?.position ?? since, reports };
      }),
  };
}

interface ReportRow {
  position: number;
  number: number;
  step: number;
  value: string;
}

function add(db: Connection, { experimentId, number, epoch }: LeaseKey, reports: readonly Report[]): boolean {
  const isOurs = db
    .sql("select 1 from trials where experiment = ? and number = ? and epoch = ? and status = 'reserved'")
    .get(experimentId, number, epoch);
  if (isOurs === undefined) return false;
  const insert = db.sql("insert or replace into reports (experiment, number, step, value) values (?, ?, ?, ?)");
  for (const { step, value } of reports) insert.run(experimentId, number, step, encodeJson(value));
  return true;
}
