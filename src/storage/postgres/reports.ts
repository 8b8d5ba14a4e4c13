import { decodeJson, encodeJson } from "../../space/odd-floats.js";
import type { Storage } from "../storage.js";
import type { Connection } from "./connection.js";

type ReportOperations = Pick<Storage, "addReports" | "readReports">;

export function reportOperations(db: Connection): ReportOperations {
  return {
    async addReports({ experimentId, number, epoch }, reports) {
      // One statement cannot write a row twice: of a step that is told twice the last value counts.
      const last = new Map(reports.map(({ step, value }) => [step, value]));
      const [row] = await db.change<{ done: boolean }>("select orion.add_reports($1, $2, $3, $4, $5) as done", [
        experimentId,
        number,
        epoch,
        [...last.keys()],
        [...last.values()].map(encodeJson),
      ]);
      return row!.done;
    },

    async readReports(experimentId, since) {
      const rows = await db.rows<{ position: number; number: number; step: number; value: string }>(
        `select position, number, step, value from orion.reports
          where experiment = $1 and position > $2 order by position`,
        [experimentId, since],
      );
      const reports = rows.map(({ number, step, value }) => ({ number, step, value: decodeJson(value) as number }));
      return { cursor: rows.at(-1)?.position ?? since, reports };
    },
  };
}
