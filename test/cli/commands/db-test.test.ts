import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion, urlIn } from "../fake-terminal.js";

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
