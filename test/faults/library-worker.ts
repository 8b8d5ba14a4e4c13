// A worker without the command line: reserves, evaluates and reports through the library, as a user's program would.
// Its words: URL of the storage, name of the experiment, path of the ledger.
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { StorageError } from "../../src/errors.js";
import { openExperiment } from "../../src/experiment/experiment.js";
import { openStorage } from "../../src/storage/registry.js";
import { createWorkerId, isGone } from "../../src/worker/worker-id.js";

const [url = "", name = "", ledger = ""] = process.argv.slice(2);
const worker = createWorkerId({ pid: process.pid, nonce: process.pid.toString(16).padStart(16, "0") });

/** Again and again, while the database is away: whatever keeps it from answering is over in a second. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      await pause(100);
    }
  }
}

await using storage = await insist(() => openStorage(url));
let record = await insist(() => storage.getExperiment(name));
for (let waits = 0; record === undefined; waits++) {
  // Only a hunt creates it. If all who run were to wait for one, none would ever start: make room after a while.
  if (waits === 50) process.exit();
  await pause(200);
  record = await insist(() => storage.getExperiment(name));
}
const { id } = record;
const experiment = await openExperiment(storage, record);
for (let value = 1e6 * process.pid; ; value++) {
  const goneWorkers = (await insist(() => storage.listOwners(id))).filter(isGone);
  const next = await insist(() => experiment.nextTrial({ worker, leaseMs: 1000, goneWorkers }));
  if (next.kind === "done" || next.kind === "exhausted") break;
  if (next.kind !== "trial") {
    await pause(100);
    continue;
  }
  await pause(value % 40);
  appendFileSync(ledger, `${next.trial.id} ${value} ${worker}\n`);
  await insist(() => storage.finishTrial(next.trial, [{ name: "loss", type: "objective", value }]));
}
