import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion } from "../fake-terminal.js";

let folder: string;
let path: string;
const setup = (input: string, env: Record<string, string> = { ORION_STORAGE: "" }) =>
  runOrion(["db", "setup"], { folder, input, env });

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, ".config/orion/orion_config.yaml");
});

it("writes the usual file when every answer is empty, and says where", async () => {
  const { code, out, err } = await setup("\n\n");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain(`File of the database [${folder}/.local/share/orion/orion.sqlite]: `);
  expect(out).toContain(`Written: ${path}\n`);
  expect(readFileSync(path, "utf8")).toBe(
    `storage:\n  type: sqlite\n  path: ${folder}/.local/share/orion/orion.sqlite\n`,
  );
});

it("writes what the other commands then use", async () => {
  await setup("sqlite\nruns/a b.sqlite\n");
  const { out } = await runOrion(["db", "test"], { folder, env: { ORION_STORAGE: "" } });
  expect(out).toContain(`Success (sqlite:${folder}/runs/a b.sqlite)`);
  expect(out).toContain("orion_config.yaml");
});

it("asks again for a kind that does not exist", async () => {
  const { code, out } = await setup("mongodb\nsqlite\n\n");
  expect(code).toBe(0);
  expect(out).toContain('There is no kind "mongodb"; choose one of sqlite, postgres.');
});

it("takes the address of a server, and says where its password belongs", async () => {
  const { code, out } = await setup("postgres\npostgresql://ada@db/runs\n");
  expect(code).toBe(0);
  expect(out).toContain("~/.pgpass");
  expect(readFileSync(path, "utf8")).toBe("storage: postgresql://ada@db/runs\n");
});

it.each(["", "sqlite\n"])("writes nothing when the answers end early: %j", async (input) => {
  const { code, err } = await setup(input);
  expect({ code, err }).toEqual({ code: 1, err: "Nothing was written.\n" });
  expect(existsSync(path)).toBe(false);
});

describe("an existing file", () => {
  const text = "# mine\nworker: { n_workers: 4 } # cores\nstorage: { type: sqlite, path: /old.sqlite }\n";

  beforeEach(() => {
    mkdirSync(join(folder, ".config/orion"), { recursive: true });
    writeFileSync(path, text);
  });

  it.each(["\n", "n\n", ""])("is left alone when the answer is %j", async (input) => {
    const { code, out } = await setup(input);
    expect(code).toBe(1);
    expect(out).toContain(`${path} exists`);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("keeps everything but its storage", async () => {
    expect((await setup("y\nsqlite\n/new.sqlite\n")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(
      "# mine\nworker: { n_workers: 4 } # cores\nstorage:\n  type: sqlite\n  path: /new.sqlite\n",
    );
  });

  it.each(["- a list\n", "a: {b: 1\n"])("that is no mapping is not touched: %j", async (broken) => {
    writeFileSync(path, broken);
    const { code, err } = await setup("y\n\n\n");
    expect(code).toBe(1);
    expect(err).toContain(path);
    expect(readFileSync(path, "utf8")).toBe(broken);
  });
});

it("says when a variable wins over the file", async () => {
  expect((await setup("\n\n", { ORION_STORAGE: "memory:" })).err).toContain("ORION_STORAGE is set");
});

it("says when a file of Oríon is not read any more", async () => {
  mkdirSync(join(folder, ".config/orion.core"), { recursive: true });
  writeFileSync(join(folder, ".config/orion.core/orion_config.yaml"), "worker: {n_workers: 4}\n");
  expect((await setup("\n\n")).err).toContain("orion.core/orion_config.yaml is not read any more");
});

it.each(["h", "mysql://ada@db/runs", "postgresql://"])("asks again for the address %s", async (answer) => {
  const { code, out } = await setup(`postgresql\n${answer}\npostgresql://ada@db/runs\n`);
  expect(code).toBe(0);
  expect(out.match(/Address of the database/g)).toHaveLength(2);
  expect(readFileSync(path, "utf8")).toBe("storage: postgresql://ada@db/runs\n");
});

it.each([
  ["notes.txt", /"\/.*\/notes.txt" exists, and is not an SQLite database\./],
  ["notes.txt/a.sqlite", /"\/.*\/notes.txt\/a.sqlite" cannot be read: a part of its path is not a directory/],
])("asks again for the file %s, which is no database", async (answer, reason) => {
  writeFileSync(join(folder, "notes.txt"), "some text");
  const { code, out } = await setup(`sqlite\n${answer}\nnew.sqlite\n`);
  expect(code).toBe(0);
  expect(out).toMatch(reason);
  expect(readFileSync(path, "utf8")).toContain("new.sqlite");
});

it("lets nobody else read a file with a password in it", async () => {
  mkdirSync(join(folder, ".config/orion"), { recursive: true });
  writeFileSync(path, "worker: {n_workers: 2}\n", { mode: 0o644 });
  expect((await setup("y\npostgres\npostgresql://ada:secret@db/runs\n")).code).toBe(0);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
