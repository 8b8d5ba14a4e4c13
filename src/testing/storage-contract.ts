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

    it("passes its own checks and leaves nothing behind", async () => {
      const { storage } = await bench.fresh();
      for (const check of storage.checks) expect(await check.run(), check.title).not.toBe("");
      expect(await storage.listExperiments()).toHaveLength(1);
    });
  });
}
