import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { expectNoWriter, immutable } from "../../src/storage/sqlite/immutable.js";
import { openDatabase, openSqlite } from "../../src/storage/sqlite.js";
import { storageContract } from "../../src/testing/storage-contract.js";
import { sketch } from "../cli/fake-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

storageContract("sqlite", {
  open: () => openStorage(`sqlite:${join(temporaryFolder(), "a b", "history.sqlite")}`),
  reopen: (storage) => openStorage(storage.url),
});

storageContract("memory", { open: () => openStorage("memory:") });

describe("a file that is not ours", () => {
  const refused = async (content: string | Buffer) => {
    const path = join(temporaryFolder(), "foreign");
    writeFileSync(path, content);
    return openStorage(`sqlite:${path}`).then(
      () => undefined,
      (error: Error) => error.message,
    );
  };

  it("is refused when it is no database", async () => {
    expect(await refused("just some text, long enough to be looked at".repeat(50))).toMatch(/not an SQLite database/);
  });

  it("is recognised when it is a pickle", async () => {
    expect(await refused(Buffer.from([0x80, 0x04, 0x95, 0, 0]))).toMatch(/pickle/);
  });

  it("is refused untouched when another program owns it", async () => {
    const path = join(temporaryFolder(), "other.sqlite");
    const database = await openDatabase(path, "other");
    database.exec("create table songs (title text)");
    database.close();
    await expect(openStorage(`sqlite:${path}`)).rejects.toThrow(/another program/);
    const again = await openDatabase(path, "other");
    expect(again.prepare("select count(*) as n from sqlite_master").get()).toMatchObject({ n: 1 });
    again.close();
  });

  it("is refused when its schema is newer, with the mend", async () => {
    const path = join(temporaryFolder(), "newer.sqlite");
    await (await openStorage(`sqlite:${path}`)).close();
    const database = await openDatabase(path, "newer");
    database.exec("pragma user_version = 999");
    database.close();
    await expect(openStorage(`sqlite:${path}`)).rejects.toThrow(/newer version/);
  });
});

it("a file that is moved away while it is in use is missed, and found again when it is back", async () => {
  const path = join(temporaryFolder(), "moved.sqlite");
  const storage = await openStorage(`sqlite:${path}`);
  renameSync(path, `${path}.away`);
  await expect(storage.listExperiments()).rejects.toMatchObject({ code: "STORAGE", retryable: true });
  renameSync(`${path}.away`, path);
  expect(await storage.listExperiments()).toEqual([]);
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
  await expect(storage.listExperiments()).rejects.toMatchObject({ code: "STORAGE", retryable: false });
  await storage.close();
});

it("a file that is moved away in the instant after it was opened is missed, too", async () => {
  const path = join(temporaryFolder(), "moved.sqlite");
  const url = `sqlite:${path}`;
  await (await openStorage(url)).close();
  const database = await openDatabase(path, url);
  renameSync(path, `${path}.away`);
  await expect(openSqlite({ database, url, path })).rejects.toMatchObject({
    code: "STORAGE",
    retryable: true,
    message: expect.stringContaining("was removed or moved while it was in use"),
  });
});

describe("a file that is read as one that nobody changes", () => {
  const openImmutable = async (path: string) => {
    const url = `sqlite:${path}`;
    const checkFile = expectNoWriter(path, url);
    return openSqlite({ database: await openDatabase(immutable(path), url), url, checkFile, forReading: true });
  };
  const make = async () => {
    const path = join(temporaryFolder(), "still.sqlite");
    const made = await openDatabase(path, path);
    await using storage = await openSqlite({ database: made, url: path });
    await storage.createExperiment(sketch("exp"));
    made.exec("pragma wal_checkpoint(truncate)");
    return path;
  };

  it("is read, and not written to", async () => {
    await using storage = await openImmutable(await make());
    expect(await storage.listExperiments()).toMatchObject([{ name: "exp" }]);
    await expect(storage.createExperiment(sketch("other"))).rejects.toMatchObject({
      code: "STORAGE",
      retryable: false,
    });
  });

  it("is not believed any more as soon as somebody writes to it, nor when he is gone again", async () => {
    const path = await make();
    await using storage = await openImmutable(path);
    const writer = await openDatabase(path, path);
    writer.exec("update experiments set name = 'changed'");
    await expect(storage.listExperiments()).rejects.toMatchObject({ code: "STORAGE", retryable: true });
    writer.exec("pragma wal_checkpoint(truncate)");
    writer.close();
    await expect(storage.listExperiments()).rejects.toMatchObject({ code: "STORAGE", retryable: true });
  });

  it("is not believed when somebody wrote to it while it was read", async () => {
    const path = await make();
    await using storage = await openImmutable(path);
    const { id } = (await storage.getExperiment("exp"))!;
    const dump = storage.exportExperiments([id], () => {
      const writer = new DatabaseSync(path);
      writer.exec("update experiments set name = 'changed'");
      writer.close();
    });
    await expect(dump).rejects.toMatchObject({ code: "STORAGE", retryable: true });
  });

  it("is not opened so while the last changes are not in it", async () => {
    const path = await make();
    const writer = await openDatabase(path, path);
    writer.exec("update experiments set name = 'changed'");
    await expect(openImmutable(path)).rejects.toThrow(`${path}-wal`);
    writer.exec("pragma wal_checkpoint(truncate)");
    writer.close();
    await (await openImmutable(path)).close();
  });
});

it("nobody makes a new file where one was moved away: SQLite would delete the log that belongs to the old one", async () => {
  const path = join(temporaryFolder(), "moved.sqlite");
  await using storage = await openStorage(`sqlite:${path}`);
  const { id } = await storage.createExperiment(sketch("exp"));
  renameSync(path, `${path}.away`);
  await expect(openStorage(`sqlite:${path}`)).rejects.toMatchObject({
    message: expect.stringContaining("moved.sqlite-wal"),
    retryable: true,
  });
  renameSync(`${path}.away`, path);
  await using other = await openStorage(`sqlite:${path}`);
  expect((await other.getExperiment("exp"))?.id).toBe(id);
});

it("thirty-two openings at once of an empty file make one schema", async () => {
  const url = `sqlite:${join(temporaryFolder(), "rush.sqlite")}`;
  const storages = await Promise.all(Array.from({ length: 32 }, () => openStorage(url)));
  for (const storage of storages) expect(await storage.listExperiments()).toEqual([]);
  for (const storage of storages) await storage.close();
});

describe("calls that share a transaction", () => {
  afterEach(() => void vi.useRealTimers());

  const inserted = (id: string) => ({ id, params: {}, workingDir: "" });

  it("are all told after one wait that the database is locked", async () => {
    const path = join(temporaryFolder(), "locked.sqlite");
    await using storage = await openStorage(`sqlite:${path}`);
    const { id } = await storage.createExperiment(sketch("exp"));
    const other = await openDatabase(path, "other");
    other.exec("begin immediate");
    vi.useFakeTimers();
    const refusals: unknown[] = [];
    for (const name of ["a", "b", "c"]) {
      storage.insertTrials(id, [inserted(name)]).catch((error: unknown) => refusals.push(error));
    }
    await vi.advanceTimersByTimeAsync(61_000);
    expect(refusals).toMatchObject(Array(3).fill({ code: "STORAGE", retryable: true }));
    vi.useRealTimers();
    other.close();
    await expect(storage.insertTrials(id, [inserted("a")])).resolves.toHaveLength(1);
  });

  it("are carried out but for the one that fails", async () => {
    await using storage = await openStorage("memory:");
    const { id } = await storage.createExperiment(sketch("exp"));
    const calls = ["a", "a", "b"].map((name) => storage.insertTrials(id, [inserted(name)]));
    expect(await Promise.allSettled(calls)).toMatchObject([
      { status: "fulfilled" },
      { reason: { code: "CONFLICT" } },
      { status: "fulfilled" },
    ]);
    expect((await storage.listTrials(id)).map((trial) => trial.number)).toEqual([1, 2]);
  });
});

it("trials that are inserted with one call are one change of the history", async () => {
  await using storage = await openStorage("memory:");
  const { id, revision } = await storage.createExperiment(sketch("exp"));
  const names = ["a", "b", "c"];
  await storage.insertTrials(
    id,
    names.map((name) => ({ id: name, params: {}, workingDir: "" })),
  );
  expect(await storage.readRevision(id)).toBe(revision + 1);
  await storage.insertTrials(id, []);
  expect(await storage.readRevision(id)).toBe(revision + 1);
});

it("an unknown kind of storage is refused with the kinds there are", async () => {
  await expect(openStorage("mongodb://host")).rejects.toMatchObject({
    code: "UNKNOWN_NAME",
    remedy: expect.stringContaining("sqlite"),
  });
});
