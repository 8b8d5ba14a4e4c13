import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../../../src/storage/sqlite.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, runOrion, seed, sketch, urlIn } from "../fake-terminal.js";

it("says Success for each step, and which database was tried and who chose it", async () => {
  const folder = temporaryFolder();
  const { code, out, err } = await runOrion(["db", "test"], { folder });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^Check of configuration \.\.\. Success \(the storage is chosen by .*ORION_STORAGE.*\)$/);
  expect(lines[1]).toBe(`Check of opening ... Success (${urlIn(folder)})`);
  expect(lines.slice(2).map((line) => /^Check of (\w+) \.\.\. Success \(.+\)$/.exec(line)?.[1])).toEqual([
    "integrity",
    "write",
    "read",
    "count",
    "delete",
  ]);
});

it("says why the database cannot be opened, and fails", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "notes.txt"), "this is no database, only a longer text ".repeat(99));
  const { code, out } = await runOrion(["db", "test", "--storage", "sqlite:notes.txt"], { folder });
  expect(code).toBe(1);
  expect(out).toMatch(/Check of opening \.\.\. Failure\n {2}.*not an SQLite database\.\n {2}Name another file/);
  expect(out).toMatch(/reading and writing \.\.\. Skipping/);
});

it("says what is wrong with the configuration, and fails", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".config/orion"), { recursive: true });
  writeFileSync(join(folder, ".config/orion/orion_config.yaml"), "worker: {n_workers: many}\n");
  const { code, out } = await runOrion(["db", "test"], { folder });
  expect(code).toBe(1);
  expect(out).toMatch(/Check of configuration \.\.\. Failure\n {2}worker\.n_workers must be a whole number/);
});

it("finds a damaged file, and every command says that it is damaged", async () => {
  const folder = temporaryFolder();
  const many = Array.from({ length: 300 }, (_, index) => {
    const digits = index.toString(16).padStart(32, "0");
    return { ...completed("a", index), id: digits };
  });
  await seed(folder, async (storage) => {
    const { id } = await storage.createExperiment(sketch("demo"));
    await storage.insertTrials(id, many);
  });
  const path = join(folder, "orion.sqlite");
  const database = await openDatabase(path, urlIn(folder));
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xa5, 2 * 4096, 14 * 4096));
  const { code, out } = await runOrion(["db", "test"], { folder });
  expect(code).toBe(1);
  expect(out).toMatch(/Check of integrity \.\.\. Failure\n {2}The database sqlite:\S+ is damaged: .+\n {2}Restore it/);
  for (const words of [["list"], ["status"], ["db", "check"], ["db", "dump"], ["info", "-n", "demo"]]) {
    const { code, err } = await runOrion(words, { folder });
    expect({ words, code }).toEqual({ words, code: 1 });
    expect(err).toMatch(/is damaged\.\nRestore it from a copy/);
  }
});

it.each([
  [
    "trials",
    "params",
    /trial 1 holds something that is not JSON/,
    [
      ["status", "-a"],
      ["info", "-n", "demo", "--trial", "1"],
    ],
  ],
  ["trials", "results", /trial 1 holds something that is not JSON/, [["status"], ["db", "dump"], ["db", "check"]]],
  [
    "experiments",
    "definition",
    /experiment "demo" holds something that is not JSON/,
    [["list"], ["status"], ["db", "dump"]],
  ],
])("a row of %s whose %s have lost their form is told of as damaged", async (table, column, reason, commands) => {
  const folder = temporaryFolder();
  await seed(folder, async (storage) => {
    const { id } = await storage.createExperiment(sketch("demo"));
    await storage.insertTrials(id, [completed("a", 1)]);
  });
  const database = await openDatabase(join(folder, "orion.sqlite"), urlIn(folder));
  database.exec(`update ${table} set ${column} = replace(${column}, ':', ';')`);
  database.close();
  for (const words of commands) {
    const { code, err } = await runOrion(words, { folder });
    expect({ words, code }).toEqual({ words, code: 1 });
    expect(err).toMatch(reason);
    expect(err).toMatch(/The database is damaged: .*\nRestore it from a copy\.\n$/);
  }
});
