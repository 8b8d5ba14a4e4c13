import { describe, expect, it } from "vitest";
import { claim, complete, filled, newExperiment, objective, openSlot, type StorageBench } from "./storage-bench.js";

/** What every storage promises of experiments. */
export function experimentPromises({ fresh }: StorageBench): void {
  describe("experiments", () => {
    it("come back as they were stored, the newest version first in line", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 7, workingDir: "/tmp/a b" });
      const second = await storage.createExperiment(newExperiment({ version: 2 }));
      expect(await storage.getExperiment("demo", 1)).toEqual(experiment);
      expect(await storage.getExperiment("demo")).toEqual(second);
      expect(await storage.getExperiment("nobody")).toBeUndefined();
      expect((await storage.listExperiments()).map((one) => one.version)).toEqual([1, 2]);
      expect(second.maxTrials).toBe(Number.POSITIVE_INFINITY);
    });

    it("are unique by name and version", async () => {
      const { storage } = await fresh();
      await expect(storage.createExperiment(newExperiment())).rejects.toMatchObject({ code: "CONFLICT" });
    });

    it("change only when nobody changed them since they were read", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      const changed = await storage.changeExperiment(experiment.id, { maxTrials: 2, expectedRevision: 1 });
      expect(changed.maxTrials).toBe(2);
      await expect(
        storage.changeExperiment(experiment.id, { maxTrials: 3, expectedRevision: 1 }),
      ).rejects.toMatchObject({ code: "CONFLICT" });
      expect((await storage.getExperiment("demo"))?.maxTrials).toBe(2);
    });

    it("go with all their trials when they are removed", async () => {
      const { storage, experiment } = await fresh();
      await complete(storage, experiment, 1);
      await openSlot(storage, experiment);
      expect(await storage.removeExperiments([experiment.id])).toEqual({ experiments: 1, trials: 1 });
      await expect(storage.listTrials(experiment.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(storage.reserveTrial(experiment.id, claim("w"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    it("never have the id of one that was removed, whose workers may not know yet", async () => {
      const { storage, experiment } = await fresh();
      const theirs = await filled(storage, await openSlot(storage, experiment));
      await storage.removeExperiments([experiment.id]);
      const other = await storage.createExperiment(newExperiment({ name: "other" }));
      const ours = await filled(storage, await openSlot(storage, other));
      expect(ours).toMatchObject({ number: theirs.number, epoch: theirs.epoch });
      expect(await storage.finishTrial(theirs, objective(1))).toBe("removed");
      expect(await storage.getTrial(other.id, 1)).toEqual(ours);
      await storage.removeExperiments([other.id]);
      expect((await storage.createExperiment(newExperiment())).id).toBeGreaterThan(other.id);
    });
  });
}
