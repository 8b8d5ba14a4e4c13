import type { ClientBase } from "pg";
import type { Storage } from "../storage.js";
import type { Connection } from "./connection.js";

/** What `orion db test` tries. Rows are written in a transaction that is taken back, so nothing stays behind. */
export function selfChecks(db: Connection): Storage["checks"] {
  const name = "orion self-check";
  const insert = async (client: ClientBase) => {
    const { rowCount } = await client.query(
      `insert into orion.experiments (name, version, definition, direction, working_dir, created_time)
       values ($1, 0, '{}', 'minimize', '', orion.now_ms())`,
      [name],
    );
    return rowCount!;
  };
  const count = async (client: ClientBase) => {
    const text = "select count(*)::integer as n from orion.experiments where name = $1";
    return (await client.query<{ n: number }>(text, [name])).rows[0]!.n;
  };

  const undone = async (work: (client: ClientBase) => Promise<string>): Promise<string> => {
    const undo = new RangeError("take it back");
    let said = "";
    await db
      .transaction(async (client) => {
        said = await work(client);
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    return said;
  };
  const expect = (actual: number, wanted: number, what: string): string => {
    if (actual !== wanted) throw new Error(`${what}: expected ${wanted}, found ${actual}`);
    return what;
  };

  return [
    {
      title: "server",
      run: async () => {
        const [row] = await db.rows<{ said: string }>(
          `select format('PostgreSQL %s, synchronous_commit %s', current_setting('server_version'),
                         current_setting('synchronous_commit')) as said`,
        );
        return row!.said;
      },
    },
    { title: "write", run: () => undone(async (client) => `${await insert(client)} record was written`) },
    {
      title: "read",
      run: () =>
        undone(async (client) => {
          await insert(client);
          return expect(await count(client), 1, "the record was read back");
        }),
    },
    { title: "count", run: () => undone(async (client) => expect(await count(client), 0, "nothing is left of it")) },
    {
      title: "delete",
      run: () =>
        undone(async (client) => {
          await insert(client);
          await client.query("delete from orion.experiments where name = $1", [name]);
          return expect(await count(client), 0, "the record was deleted");
        }),
    },
  ];
}
