import { expect, it } from "vitest";
import type { Database } from "../../src/storage/sqlite/connection.js";
import { openDatabase, openSqlite } from "../../src/storage/sqlite.js";

/** Statements of these read or write all trials of an experiment, and say so. */
const whole = /from experiments|pragma|sqlite_master|begin|commit|rollback/i;

it("no step of a worker walks through all trials of an experiment", async () => {
  const database = await openDatabase(":memory:", "memory:");
  const texts = new Set<string>();
  const recording: Database = {
    exec: (text) => database.exec(text),
    close: () => database.close(),
    prepare: (text) => {
      texts.add(text);
      return database.prepare(text);
    },
  };
  await using storage = await openSqlite({ database: recording, url: "memory:" });
  const metadata = { user: "", datetime: "", orionVersion: "", userArgs: [] };
  const { id } = await storage.createExperiment({
    name: "e",
    definition: { space: {}, algorithm: { name: "random", options: {} }, seed: "", direction: "minimize", metadata },
    maxTrials: 9,
    maxBroken: 9,
    workingDir: "",
  });
  texts.clear();
  const claim = { worker: "w", leaseMs: 60_000, goneWorkers: ["gone"] };
  const suggested = { params: {}, workingDir: "", basisRevision: 0, attempt: 0 };
  for (let turn = 0; turn < 3; turn++) {
    const got = await storage.reserveTrial(id, claim);
    if (got.kind !== "slot") throw new Error(got.kind);
    if (turn === 1) await storage.returnSlot(got.slot, "wait");
    else if (typeof (await storage.fillSlot(got.slot, { ...suggested, id: `${turn}` })) === "string") continue;
  }
  const running = await storage.reserveTrial(id, { ...claim, goneWorkers: ["w"] });
  if (running.kind !== "trial") throw new Error(running.kind);
  await storage.renewLeases("w", [running.trial], 1000);
  await storage.finishTrial(running.trial, [{ name: "o", type: "objective", value: 1 }]);
  const broken = await storage.reserveTrial(id, claim);
  if (broken.kind === "slot") await storage.fillSlot(broken.slot, { ...suggested, id: "b" });
  if (broken.kind === "slot") await storage.releaseTrial(broken.slot, "broken", { reason: "r" });
  await storage.summarize(id);
  await storage.readChanges(id, 3);
  await storage.listOwners(id);
  await storage.readRevision(id);

  const plans = [...texts]
    .filter((text) => !whole.test(text))
    .map((text) => {
      const rows = database.prepare(`explain query plan ${text}`).all() as { detail: string }[];
      return { text, details: rows.map((row) => row.detail) };
    });
  const walks = plans.filter(({ details }) =>
    details.some((detail) => /SCAN (trials|t)\b|PRIMARY KEY \(experiment=\?\)/.test(detail) && !/counts/.test(detail)),
  );
  expect(plans.length).toBeGreaterThan(10);
  expect(walks).toEqual([]);
});
