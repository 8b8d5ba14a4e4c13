import { randomUUID } from "node:crypto";
import type { Storage } from "../storage.js";
import { type Connection, endsAfter } from "./connection.js";
import { exportOne } from "./export.js";
import { importAll } from "./import.js";

type TransferOperations = Pick<Storage, "exportExperiments" | "importExperiments">;

export function transferOperations(db: Connection): TransferOperations {
  return {
    exportExperiments: (experimentIds, write) =>
      db.inOrder(() =>
        db.transactionOnce("begin isolation level repeatable read read only", async (session) => {
          const numbers = new Map(experimentIds.map((id, index) => [id, index + 1]));
          for (const id of experimentIds) await exportOne(session, { id, numbers, write, url: db.url });
        }),
      ),

    importExperiments: (records, place) => {
      const call = randomUUID();
      return db.inOrder(() =>
        db.transactionOnce(
          `begin; ${endsAfter("10min")}`, // records may come from a pipe
          async (session) => {
            await session.rows("select orion.recall($1)", [call]);
            const tally = await importAll(session, records, place);
            await session.rows("select orion.remember($1, to_json($2::text))", [call, "imported"]);
            return tally;
          },
          async () => {
            const [row] = await db.rows<{ answer: unknown }>("select orion.recall($1) as answer", [call]);
            return row!.answer !== null;
          },
        ),
      );
    },
  };
}
