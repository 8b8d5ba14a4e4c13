import { createHash } from "node:crypto";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";
import { openDump } from "../../src/transfer/read-dump.js";
import { writeDump } from "../../src/transfer/write-dump.js";
import { sketch } from "../cli/fake-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

async function makeStorage() {
  const storage = await openStorage("memory:");
  const first = await storage.createExperiment(sketch("exp"));
  const parent = { experimentId: first.id, adapters: [] };
  await storage.createExperiment(sketch("exp", { version: 2, parent, maxTrials: 7 }));
  await storage.insertTrials(first.id, [
    {
      id: "a",
      params: { "/x": -0, "/kind": "é \u2028\n" },
      workingDir: "",
      results: [{ name: "o", type: "objective", value: Number.NaN }],
    },
  ]);
  const got = await storage.reserveTrial(first.id, { worker: "w", leaseMs: 60_000 });
  if (got.kind !== "slot") throw new Error(got.kind);
  const told = { id: "b", params: { "/x": 1 }, workingDir: "", basisRevision: 2, attempt: 0 };
  await storage.fillSlot(got.slot, { ...told, facts: { rung: 1 }, claim: "c" });
  await storage.addReports(got.slot, [{ step: 1, value: Number.POSITIVE_INFINITY }]);
  return storage;
}

async function dump(storage: Storage, path = join(temporaryFolder(), "dump.jsonl")) {
  const experimentIds = (await storage.listExperiments()).map(({ id }) => id);
  await writeDump(storage, { path, experimentIds, isForced: true });
  return path;
}

const load = (storage: Storage, path: string) =>
  storage.importExperiments(openDump(path).records(), ({ version }) => ({ kind: "create", version }));

it("a dump that is loaded and dumped again is the same file, to the byte", async () => {
  await using storage = await makeStorage();
  const first = await dump(storage);
  await using other = await openStorage("memory:");
  await load(other, first);
  expect(readFileSync(await dump(other), "utf8")).toBe(readFileSync(first, "utf8"));
  expect(readdirSync(dirname(first))).toEqual([basename(first)]);
});

it("two dumps to one place at the same time are both whole, and the last one stays", async () => {
  await using storage = await makeStorage();
  await using other = await openStorage("memory:");
  const path = join(temporaryFolder(), "dump.jsonl");
  const overtaken: Storage = {
    ...storage,
    async exportExperiments(ids, write) {
      await dump(other, path);
      expect(openDump(path).experiments).toEqual([]);
      return storage.exportExperiments(ids, write);
    },
  };
  await dump(overtaken, path);
  expect(openDump(path).experiments).toHaveLength(2);
});

it("each line is standard JSON, and no lease is in any", async () => {
  await using storage = await makeStorage();
  const lines = readFileSync(await dump(storage), "utf8")
    .trimEnd()
    .split("\n");
  const documents = lines.map((line) => JSON.parse(line));
  expect(documents.map(({ kind, format }) => kind ?? format)).toEqual([
    "orion-dump",
    "experiment",
    "trial",
    "trial",
    "report",
    "experiment",
    "end",
  ]);
  expect(documents[3]).toMatchObject({ number: 2, status: "interrupted", facts: { rung: 1 }, claim: "c" });
  expect(documents[3]).not.toHaveProperty("owner");
  expect(documents[1].counts).toMatchObject({ completed: 1, interrupted: 1, reserved: 0 });
  expect(documents[5].parent).toEqual({ experiment: 1, adapters: [] });
});

it("a file that is cut off anywhere is refused, and nothing is stored", async () => {
  await using storage = await makeStorage();
  const path = await dump(storage);
  const { length } = readFileSync(path);
  await using other = await openStorage("memory:");
  for (let size = length - 2; size >= 0; size -= 97) {
    truncateSync(path, size);
    expect(() => openDump(path), `${size} of ${length} bytes`).toThrow(/cut off|not a file of|no JSON/);
  }
  expect(await other.listExperiments()).toEqual([]);
});

it("a file that changes between its two readings is refused, and nothing is stored", async () => {
  await using storage = await makeStorage();
  const path = await dump(storage);
  const opened = openDump(path);
  writeFileSync(path, readFileSync(path, "utf8").replace('"rung":1', '"rung":2'));
  await using other = await openStorage("memory:");
  const importing = other.importExperiments(opened.records(), ({ version }) => ({ kind: "create", version }));
  await expect(importing).rejects.toThrow(/was changed/);
  expect(await other.listExperiments()).toEqual([]);
});

it.each([
  ["text", "hello\n", "is not a file of"],
  ["a pickle", Buffer.from([0x80, 0x04, 0x95, 0x0a]), "pickle"],
  ["a newer format", '{"format":"orion-dump","version":99,"writtenBy":"orion 9.0.0"}\n', "version 99"],
])("%s is refused with what it is", (_, content, reason) => {
  const path = join(temporaryFolder(), "dump.jsonl");
  writeFileSync(path, content);
  expect(() => openDump(path)).toThrow(reason);
});

it.each([
  ['"epoch":0', '"epoch":"x"', /Line 3 of .*"epoch" is "x"/],
  ['"submitTime":', '"time":', /Line 3 of .*"submitTime" is missing/],
  ['"params":', '"values":', /Line 3 of .*"params" is missing/],
])(
  "a line that is no record is refused with its number and the member that is wrong: %s",
  async (sound, wrong, reason) => {
    await using storage = await makeStorage();
    const path = await dump(storage);
    const body = readFileSync(path, "utf8").split("\n").slice(0, -2).join("\n").replace(sound, wrong);
    const sha256 = createHash("sha256").update(`${body}\n`).digest("hex");
    writeFileSync(path, `${body}\n${JSON.stringify({ kind: "end", records: 5, sha256 })}\n`);
    expect(() => openDump(path)).toThrow(reason);
  },
);
