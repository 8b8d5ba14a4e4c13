import type { ClientBase } from "pg";
import { StorageError } from "../../errors.js";
import type { Connection } from "./connection.js";
import { experimentFunctions } from "./experiment-functions.js";
import { historyFunctions, lockSpace } from "./history-functions.js";
import { leaseFunctions } from "./lease-functions.js";
import { outcomeFunctions } from "./outcome-functions.js";
import { readFunctions } from "./read-functions.js";
import { reportFunctions } from "./report-functions.js";
import { migrations, schemaVersion } from "./schema.js";
import { stepProcedures } from "./step-procedures.js";

const functions = [
  historyFunctions,
  leaseFunctions,
  outcomeFunctions,
  experimentFunctions,
  reportFunctions,
  readFunctions,
  stepProcedures,
].join("\n");

/**
 * Make the tables in an empty database, or see that they are those we know.
 *
 * @throws {StorageError} when they are of another version and `upgrade` was not asked for, or newer than we are.
 */
export async function prepareSchema(db: Connection, upgrade: boolean): Promise<void> {
  const version = await readVersion(db);
  if (version > schemaVersion) {
    throw new StorageError(
      `${db.url} was written by a newer version of orion (schema ${version}, this one knows ${schemaVersion}).`,
      "Install the newer version here too.",
    );
  }
  if (version === schemaVersion) return;
  if (version >= 0 && !upgrade) {
    throw new StorageError(
      `${db.url} was written by an older version of orion (schema ${version}, this one needs ${schemaVersion}).`,
      "Run `orion db upgrade` once; a copy with pg_dump first is a good idea.",
    );
  }
  await db.transaction((client) => migrate(client, db.url));
}

/** −1 when nothing is there. */
async function readVersion(db: Connection): Promise<number> {
  const [found] = await db.rows<{ there: boolean }>("select to_regclass('orion.schema_version') is not null as there");
  if (!found!.there) return -1;
  const [row] = await db.rows<{ version: number }>("select version from orion.schema_version");
  return row!.version;
}

/** One transaction; thirty-two workers may start at once, so each waits for the lock and looks again. */
async function migrate(client: ClientBase, url: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${lockSpace}, 0)`);
  const { rows: schemas } = await client.query<{ is_foreign: boolean }>(findSchema);
  if (schemas.length === 0) await client.query("create schema orion");
  if (schemas[0]?.is_foreign) {
    throw new StorageError(
      `The database ${url} has a schema "orion" with tables or functions of another program.`,
      "Name another database, or give that schema another name: `alter schema orion rename to …`. Nothing was changed.",
    );
  }
  await client.query("create table if not exists orion.schema_version (version integer not null)");
  const { rows } = await client.query<{ version: number }>("select version from orion.schema_version");
  const version = rows[0]?.version ?? 0;
  if (version >= schemaVersion) return;
  await client.query(dropFunctions);
  for (const migration of migrations.slice(version)) await client.query(migration);
  await client.query(functions);
  await client.query("delete from orion.schema_version");
  await client.query("insert into orion.schema_version values ($1)", [schemaVersion]);
}

/** An empty schema may have been made for us; one of ours has a version. */
const findSchema = `
  select to_regclass('orion.schema_version') is null
    and (exists (select from pg_class where relnamespace = n.oid) or exists (select from pg_proc where pronamespace = n.oid))
    as is_foreign
  from pg_namespace n where nspname = 'orion'`;

/** A function whose arguments changed would stay beside the new one. Triggers keep theirs, which is replaced. */
const dropFunctions = `do $$
declare f regprocedure;
begin
  for f in select oid from pg_proc where pronamespace = 'orion'::regnamespace and prorettype <> 'trigger'::regtype loop
    execute 'drop routine ' || f;
  end loop;
end $$`;
