import { describe, expect, it } from "vitest";
import { type StorageUnderTest, storageBench } from "./storage-bench.js";
import { budgetPromises } from "./storage-budget.js";
import { experimentPromises } from "./storage-experiments.js";
import { historyPromises } from "./storage-history.js";
import { leasePromises } from "./storage-leases.js";
import { transferPromises } from "./storage-transfer.js";
import { trialPromises } from "./storage-trials.js";

/** Every promise of `Storage`, stated once for all backends. */
export function storageContract(name: string, underTest: StorageUnderTest): void {
  describe(`${name} keeps the contract of a storage`, () => {
    const bench = storageBench(underTest);
    experimentPromises(bench);
    budgetPromises(bench);
    trialPromises(bench);
    leasePromises(bench);
    historyPromises(bench);
    transferPromises(bench);

    it("may be closed twice", async () => {
      const { storage } = await bench.fresh();
      await Promise.all([storage.close(), storage.close()]);
      await storage.close();
      await storage[Symbol.asyncDispose]();
    });

    it("says that it was closed, whatever is asked of it afterwards", async () => {
      const { storage, experiment } = await bench.fresh();
      await storage.close();
      const calls: readonly (() => Promise<unknown>)[] = [
        () => storage.listExperiments(),
        () => storage.listTrials(experiment.id),
        () => storage.readChanges(experiment.id, 0),
        () => storage.summarize(experiment.id),
        () => storage.readRevision(experiment.id),
        () => storage.reserveTrial(experiment.id, { worker: "w", leaseMs: 1000, goneWorkers: [] }),
        () => storage.renewLeases("w", [{ experimentId: experiment.id, number: 1, epoch: 1 }], 1000),
        () => storage.insertTrials(experiment.id, []),
        () => storage.removeExperiments([experiment.id]),
      ];
      for (const call of calls) {
        await expect(call(), String(call)).rejects.toMatchObject({
          code: "STORAGE",
          message: `The database ${storage.url} was closed by this program.`,
          retryable: false,
        });
      }
      await storage.waitForNews(experiment.id, { since: 0, timeoutMs: 0 });
    });

    it("passes its own checks and leaves nothing behind", async () => {
      const { storage } = await bench.fresh();
      for (const check of storage.checks) expect(await check.run(), check.title).not.toBe("");
      expect(await storage.listExperiments()).toHaveLength(1);
    });
  });
}
