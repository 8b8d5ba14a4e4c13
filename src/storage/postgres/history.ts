import { NotFoundError } from "../../errors.js";
import type { ExperimentRecord } from "../storage.js";
import type { Connection } from "./connection.js";
import { type ExperimentRow, experimentFromRow, selectExperiment } from "./rows.js";

export async function readExperiment(db: Connection, experimentId: number): Promise<ExperimentRecord> {
  const [row] = await db.rows<ExperimentRow>(`${selectExperiment} where id = $1`, [experimentId]);
  return row === undefined ? throwGone(db, experimentId) : experimentFromRow(row);
}

export function throwGone(db: Connection, experimentId: number): never {
  throw new NotFoundError(
    `Experiment number ${experimentId} is not in ${db.url} any more.`,
    "Somebody removed it; `orion list` shows what there is.",
  );
}
