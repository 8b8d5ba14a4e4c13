import type { Storage } from "../storage.js";
import type { Connection } from "./connection.js";
import { exportOne } from "./export.js";
import { importAll } from "./import.js";

type TransferOperations = Pick<Storage, "exportExperiments" | "importExperiments">;

export function transferOperations(db: Connection): TransferOperations {
  return {
    exportExperiments: (experimentIds, write) =>
      db.read(() => {
        const numbers = new Map(experimentIds.map((id, index) => [id, index + 1]));
        for (const id of experimentIds) exportOne(db, { id, numbers, write });
      }),

    // The records may be those of an iterator, which gives them once.
    importExperiments: (records, place) => db.writeOnce(() => importAll(db, records, place)),
  };
}
