import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { openDesk } from "../../orion.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, runOrion, seed, sketch, urlIn, waiting } from "../fake-terminal.js";

let folder: string;
const dump = (...words: string[]) => runOrion(["db", "dump", ...words], { folder });
const kinds = (name: string) =>
  readFileSync(join(folder, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ kind, name: title, version }) => (kind === "experiment" ? `${title}-v${version}` : kind))
    .filter((kind) => kind !== undefined);

beforeEach(async () => {
  folder = temporaryFolder();
  await seed(folder, async (storage) => {
    const root = await storage.createExperiment(sketch("root"));
    await storage.insertTrials(root.id, [completed("a", 1), waiting("b")]);
    const parent = { experimentId: root.id, adapters: [] };
    await storage.createExperiment(sketch("child", { parent }));
    await storage.createExperiment(sketch("root", { version: 2, parent }));
  });
});

it("writes every experiment, each parent before its children", async () => {
  const { code, out } = await dump();
  expect({ code, out }).toEqual({ code: 0, out: "3 experiments with 2 trials written to dump.jsonl\n" });
  expect(kinds("dump.jsonl")).toEqual(["root-v1", "trial", "trial", "child-v1", "root-v2", "end"]);
});

it("writes one experiment, the newest version when none is given, and without its link to the parent", async () => {
  expect((await dump("-n", "root", "-o", "one.jsonl")).code).toBe(0);
  expect(kinds("one.jsonl")).toEqual(["root-v2", "end"]);
  expect(readFileSync(join(folder, "one.jsonl"), "utf8")).not.toContain('"parent"');
  expect((await dump("-n", "root", "-v", "1", "-o", "first.jsonl")).code).toBe(0);
  expect(kinds("first.jsonl")).toEqual(["root-v1", "trial", "trial", "end"]);
});

it("leaves a file that exists alone, unless it is forced", async () => {
  writeFileSync(join(folder, "dump.jsonl"), "precious");
  const { code, err } = await dump();
  expect(code).toBe(1);
  expect(err).toContain("exists already");
  expect(readFileSync(join(folder, "dump.jsonl"), "utf8")).toBe("precious");
  expect((await dump("-f")).code).toBe(0);
  expect(kinds("dump.jsonl")).toHaveLength(6);
});

it.each([
  [["-o", "orion.sqlite", "-f"], "is the database itself"],
  [["-o", "nowhere/dump.jsonl"], "cannot be written: there is no such file or folder.\n"],
  [["-o", "orion.sqlite/dump.jsonl"], "cannot be written: a part of its path is not a directory.\n"],
  [["-n", "nobody"], '"nobody"'],
])("refuses %j and leaves no file behind", async (words, reason) => {
  const { code, err } = await dump(...words);
  expect(code).toBe(1);
  expect(err).toContain(reason);
  expect(readdirSync(folder).filter((name) => !/^orion\.sqlite(-wal|-shm)?$/.test(name))).toEqual([]);
});

it("writes to standard output, and says so on standard error", async () => {
  const { code, out, err } = await dump("-o", "-");
  expect({ code, err }).toEqual({ code: 0, err: "3 experiments with 2 trials written\n" });
  expect((await dump()).code).toBe(0);
  expect(out).toBe(readFileSync(join(folder, "dump.jsonl"), "utf8"));
});

it.skipIf(!existsSync("/dev/full"))(
  "does not say that it wrote what standard output did not take",
  async () => {
    const desk = openDesk(temporaryFolder());
    const words = ["db", "dump", "-o", "-", "--storage", urlIn(folder)];
    const full = await desk.start(words, {}, ["sh", "-c", 'exec "$@" >/dev/full', "sh"]).ended;
    expect(full.code).toBe(1);
    expect(full.err).toMatch(/^Error: Standard output cannot be written: ENOSPC.*\n$/);
  },
  30_000,
);

it("writes into what is no regular file, and leaves it what it is", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", pipe]);
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  expect((await dump("-f", "-o", "pipe")).code).toBe(0);
  expect(statSync(pipe).isFIFO()).toBe(true);
  const read = Buffer.alloc(1 << 16);
  const length = readSync(reader, read);
  closeSync(reader);
  await dump();
  expect(read.toString("utf8", 0, length)).toBe(readFileSync(join(folder, "dump.jsonl"), "utf8"));
});

it("replaces the file behind a link, not the link", async () => {
  writeFileSync(join(folder, "old.jsonl"), "precious");
  symlinkSync("old.jsonl", join(folder, "link"));
  expect((await dump("-f", "-o", "link")).code).toBe(0);
  expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  expect(kinds("old.jsonl")).toHaveLength(6);
});

it("does not replace a dump by that of a database which is not there", async () => {
  writeFileSync(join(folder, "dump.jsonl"), "precious");
  const { code, out, err } = await dump("-f", "--storage", "sqlite:typo.sqlite");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/There is no database sqlite:.*typo\.sqlite/);
  expect(readFileSync(join(folder, "dump.jsonl"), "utf8")).toBe("precious");
});
