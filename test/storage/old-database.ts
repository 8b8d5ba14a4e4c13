import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../src/storage/sqlite.js";

/** A database file as an older version of the schema left it, with one experiment "old" of three trials. */
export async function makeOldDatabase(path: string, schemaVersion: number): Promise<void> {
  const database = await openDatabase(path, path);
  database.exec("pragma journal_mode = wal");
  database.exec(readFileSync(join(import.meta.dirname, "schemas", `${schemaVersion}.sql`), "utf8"));
  database.close();
}
