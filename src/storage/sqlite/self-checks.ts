import { StorageError } from "../../errors.js";
import type { Storage } from "../storage.js";
import { type Connection, damagedRemedy } from "./connection.js";
import { clock } from "./history.js";

/** @throws {StorageError} when SQLite finds the file damaged. */
function soundness(db: Connection): string {
  const { quick_check: found } = db.sql("pragma quick_check").get() as { quick_check: string };
  if (found === "ok") return found;
  const [first = "", ...more] = found.split("\n").filter((line) => !line.startsWith("***"));
  throw new StorageError(
    `The database ${db.url} is damaged: ${first}${more.length === 0 ? "" : `, and ${more.length} more`}.`,
    damagedRemedy,
  );
}

/** What `orion db test` tries. Rows are written in a transaction that is taken back, so nothing stays behind. */
export function selfChecks(db: Connection): Storage["checks"] {
  const name = "orion self-check";
  const insert = () =>
    db
      .sql(
        `insert into experiments (name, version, definition, working_dir, definition_revision, created_time)
         values (?, 0, '{}', '', 1, ?)`,
      )
      .run(name, clock(db));
  const count = () => (db.sql("select count(*) as n from experiments where name = ?").get(name) as { n: number }).n;

  const undone = async (work: () => string): Promise<string> => {
    const undo = new Error("take it back");
    let said = "";
    await db
      .write(() => {
        said = work();
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
      title: "integrity",
      run: () => db.read(() => soundness(db)),
    },
    { title: "write", run: () => undone(() => `${insert().changes} record was written`) },
    {
      title: "read",
      run: () =>
        undone(() => {
          insert();
          return expect(count(), 1, "the record was read back");
        }),
    },
    { title: "count", run: () => db.read(() => expect(count(), 0, "nothing is left of it")) },
    {
      title: "delete",
      run: () =>
        undone(() => {
          insert();
          db.sql("delete from experiments where name = ?").run(name);
          return expect(count(), 0, "the record was deleted");
        }),
    },
  ];
}
