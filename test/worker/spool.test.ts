import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StoredRecord } from "../../src/storage/records.js";
import { openStorage } from "../../src/storage/registry.js";
import { handInSpooled, keepResult, spooledResult } from "../../src/worker/spool.js";
import { temporaryFolder } from "../temporary-folder.js";
import { objective, openBench } from "./worker-bench.js";

async function openSpool() {
  const folder = join(temporaryFolder(), "not/there/yet");
  const { experiment } = await openBench({ folder });
  const { storage, record } = experiment;
  const next = await experiment.nextTrial({ worker: "dead", leaseMs: 1000 });
  if (next.kind !== "trial") throw new Error(next.kind);
  const { trial } = next;
  const lease = { experimentId: record.id, number: trial.number, epoch: trial.epoch };
  const spooled = spooledResult(record, { lease, trial: trial.id, results: objective(Number.NaN), stoppedAt: 7 });
  const read = async () => (await storage.listTrials(record.id))[0]!;
  return { folder, storage, record, trial, spooled, read };
}

describe("results that wait in files", () => {
  it("are handed in once, NaN and all, and the file goes", async () => {
    const { folder, storage, trial, spooled, read } = await openSpool();
    expect(keepResult({ folders: [folder], name: trial.id, spooled })).toBe(join(folder, `${trial.id}.1.result.json`));
    expect(await handInSpooled({ folders: [folder, folder], storage })).toBe(1);
    expect(await read()).toMatchObject({ status: "completed", objective: Number.NaN });
    expect(readdirSync(folder)).toEqual([]);
    expect(await handInSpooled({ folders: [folder], storage })).toBe(0);
  });

  it("go to the first folder that takes them", async () => {
    const { folder, trial, spooled } = await openSpool();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "file"), "");
    const folders = [join(folder, "file/below"), join(folder, "file"), join(folder, "second")];
    expect(keepResult({ folders, name: trial.id, spooled })).toContain(join(folder, "second"));
    expect(keepResult({ folders: folders.slice(0, 2), name: trial.id, spooled })).toBeUndefined();
  });

  it.each(["createdTime", "seed", "experiment"] as const)(
    "of an experiment with another %s stay where they are",
    async (key) => {
      const { folder, storage, trial, spooled, read } = await openSpool();
      const other = { ...spooled, [key]: key === "createdTime" ? 1 : "other" };
      keepResult({ folders: [folder], name: trial.id, spooled: other });
      expect(await handInSpooled({ folders: [folder], storage })).toBe(0);
      expect(readdirSync(folder)).toHaveLength(1);
      expect((await read()).status).toBe("reserved");
    },
  );

  it("of a trial whose number is that of another one in a copy of the database stay where they are", async () => {
    const { folder, storage, trial, spooled, read } = await openSpool();
    keepResult({ folders: [folder], name: trial.id, spooled: { ...spooled, trial: "f".repeat(32) } });
    expect(await handInSpooled({ folders: [folder], storage })).toBe(0);
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await read()).status).toBe("reserved");
    const { trial: _, ...older } = spooled;
    keepResult({ folders: [folder], name: trial.id, spooled: older });
    expect(await handInSpooled({ folders: [folder], storage })).toBe(1);
  });

  it("of a trial that is not there stay where they are: this may be a copy from before it was made", async () => {
    const { folder, storage, record, trial, spooled, read } = await openSpool();
    const records: StoredRecord[] = [];
    await storage.exportExperiments([record.id], (one) => void records.push(one));
    await using copy = await openStorage("memory:");
    const earlier = records.filter(({ kind }) => kind === "experiment");
    await copy.importExperiments(earlier, ({ version }) => ({ kind: "create", version }));
    keepResult({ folders: [folder], name: trial.id, spooled });
    expect(await handInSpooled({ folders: [folder], storage: copy })).toBe(0);
    expect(await handInSpooled({ folders: [folder], storage })).toBe(1);
    expect((await read()).status).toBe("completed");
  });

  it("are not looked for in files of others", async () => {
    const { folder, storage } = await openSpool();
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries({ "a.result.json": "{}", "b.result.json": "null", "c.result.json": "x" }))
      writeFileSync(join(folder, name), text);
    expect(await handInSpooled({ folders: [folder, join(folder, "missing")], storage })).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["a.result.json", "b.result.json", "c.result.json"]);
  });
});
