import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { schemaVersion } from "../../src/storage/sqlite/schema.js";
import { openDatabase } from "../../src/storage/sqlite.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeOldDatabase } from "./old-database.js";

const older = Array.from({ length: schemaVersion - 1 }, (_, index) => index + 1);

describe.each(older)("a database of schema version %i", (version) => {
  const make = async () => {
    const path = join(temporaryFolder(), "old.sqlite");
    await makeOldDatabase(path, version);
    return path;
  };

  it("is refused with the command that mends it, and untouched", async () => {
    const path = await make();
    await expect(openStorage(`sqlite:${path}`)).rejects.toMatchObject({
      remedy: expect.stringContaining("orion db upgrade"),
    });
  });

  it("keeps its trials when it is upgraded, and works on with them", async () => {
    const path = await make();
    await using storage = await openStorage(`sqlite:${path}`, { upgrade: true });
    const { id } = (await storage.getExperiment("old"))!;
    const { counts, best } = await storage.summarize(id);
    expect(counts).toMatchObject({ completed: 1, broken: 1, interrupted: 1 });
    expect(best).toMatchObject({ objective: 0.5, facts: {}, claim: undefined, stoppedAt: undefined });
    const next = await storage.reserveTrial(id, { worker: "w", leaseMs: 1000 });
    expect(next).toMatchObject({ kind: "trial", trial: { number: 3 } });
    if (next.kind === "trial") expect(await storage.addReports(next.trial, [{ step: 1, value: 1 }])).toBe(true);
  });

  it("has the schema of a new one afterwards, and is upgraded once by many at the same time", async () => {
    const path = await make();
    const storages = await Promise.all(
      Array.from({ length: 8 }, () => openStorage(`sqlite:${path}`, { upgrade: true })),
    );
    for (const storage of storages) await storage.close();
    const fresh = join(temporaryFolder(), "new.sqlite");
    await (await openStorage(`sqlite:${fresh}`)).close();
    expect(await shapeOf(path)).toEqual(await shapeOf(fresh));
  });
});

/** Tables with their columns (in any order, since a migration adds at the end), and the other objects by name. */
async function shapeOf(path: string) {
  const database = await openDatabase(path, path);
  const objects = database.prepare("select type, name, tbl_name from sqlite_master order by name").all();
  const columns = database
    .prepare(
      `select m.name as "table", c.name, c.type, c."notnull", c.dflt_value from sqlite_master m, pragma_table_xinfo(m.name) c
        where m.type = 'table' order by 1, 2`,
    )
    .all();
  database.close();
  return { objects, columns };
}
