import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { openDatabase } from "../../src/storage/sqlite.js";
import { ledgerScript, openDesk } from "../orion.js";
import { missingMounts, readOnly } from "../read-only-folder.js";
import { temporaryFolder } from "../temporary-folder.js";
import { sketch } from "./fake-terminal.js";

const reading: readonly (readonly string[])[] = [
  ["list"],
  ["status", "--all"],
  ["info", "-n", "demo"],
  ["info", "-n", "demo", "--trial", "1"],
  ["db", "dump", "-o", "-"],
  ["db", "check"],
  ["db", "upgrade"],
];

const writing: readonly (readonly string[])[] = [
  ["hunt", "-n", "demo", "--exp-max-trials", "9"],
  ["hunt", "-n", "new", "./script.sh", "-x~uniform(0, 1)"],
  ["insert", "-n", "demo", "./script.sh", "-x=1"],
  ["db", "set", "demo", "status=completed", "status=broken", "--force"],
  ["db", "rm", "demo", "--force"],
];

/** A folder with the database of a hunt that has ended; `orion` sees it as on a read-only disk. */
async function openArchive() {
  const folder = temporaryFolder();
  const desk = openDesk(folder);
  const archive = join(folder, "50% of #1?"); // what has a meaning in the address of a file
  mkdirSync(archive);
  const path = join(archive, "history.sqlite");
  const url = `sqlite:${path}`;
  const writable = (words: readonly string[]) => desk.start(words, { ORION_STORAGE: url }).ended;
  const orion = (words: readonly string[]) => desk.start(words, { ORION_STORAGE: url }, readOnly(archive)).ended;

  desk.script("script.sh", ledgerScript());
  const { code } = await writable(["hunt", "-n", "demo", "--exp-max-trials", "2", "./script.sh", "-x~uniform(0, 1)"]);
  expect(code).toBe(0);
  rmSync(join(desk.folder, "calls.txt"));

  /** What only looks says the same as where the database can be written to. */
  const expectReadable = async () => {
    for (const words of reading) {
      const usual = await writable(words);
      expect({ words, ...usual }).toMatchObject({ words, code: 0, err: expect.not.stringContaining("Error") });
      expect({ words, ...(await orion(words)) }).toEqual({ words, ...usual });
    }
  };
  return { desk, archive, path, url, orion, expectReadable };
}

const contentsOf = (folder: string) => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);

const where = missingMounts ?? "on a read-only mount";

describe.skipIf(missingMounts !== undefined)(`a database that cannot be written to (${where})`, () => {
  it("is read where nobody has it open", async () => {
    const { archive, expectReadable } = await openArchive();
    expect(readdirSync(archive)).toEqual(["history.sqlite"]);
    await expectReadable();
  }, 60_000);

  it("is read beside somebody who may write to it", async () => {
    const { archive, url, expectReadable } = await openArchive();
    await using storage = await openStorage(url);
    await storage.createExperiment(sketch("other"));
    expect(readdirSync(archive)).toEqual(["history.sqlite", "history.sqlite-shm", "history.sqlite-wal"]);
    await expectReadable();
  }, 60_000);

  it("is read where it keeps no log, as a copy by `vacuum into` does not", async () => {
    const { path, orion } = await openArchive();
    const database = await openDatabase(path, path);
    database.exec(`vacuum into '${path}.copy'`);
    database.close();
    const there = await orion(["list", "--storage", `sqlite:${path}.copy`]);
    expect(there).toMatchObject({ code: 0, out: expect.stringContaining("demo-v1"), err: "" });
  }, 60_000);

  it("is refused with the remedy where its last changes are in a log that cannot be used", async () => {
    const { desk, url, path, orion } = await openArchive();
    await using storage = await openStorage(url);
    await storage.createExperiment(sketch("other"));
    for (const end of ["", "-wal"]) copyFileSync(`${path}${end}`, `${path}.copy${end}`);
    const { code, out, err } = await orion(["list", "--storage", `sqlite:${path}.copy`]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("history.sqlite.copy-wal");
    expect(err).toContain("Copy the file together with its log");

    for (const end of ["", "-wal"]) copyFileSync(`${path}.copy${end}`, join(desk.folder, `mine${end}`));
    const here = await desk.orion("list", "--storage", "sqlite:mine");
    expect(here).toMatchObject({ code: 0, out: expect.stringContaining("other-v1"), err: "" });
  }, 60_000);

  it("is changed by no command, and no script is run", async () => {
    const { desk, archive, orion } = await openArchive();
    const before = contentsOf(archive);
    for (const words of writing) {
      const { code, err } = await orion(words);
      expect({ words, code, err }).toEqual({ words, code: 1, err: expect.stringContaining("you may write there") });
    }
    expect(contentsOf(archive)).toEqual(before);
    expect(existsSync(join(desk.folder, "calls.txt"))).toBe(false);
  }, 60_000);
});
