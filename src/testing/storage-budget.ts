import { describe, expect, it } from "vitest";
import {
  claim,
  complete,
  filled,
  inserted,
  objective,
  openSlot,
  reserved,
  type StorageBench,
  suggestion,
} from "./storage-bench.js";

/** What every storage promises of the budget. */
export function budgetPromises({ fresh }: StorageBench): void {
  describe("the budget", () => {
    it("is exact: live and completed trials together never exceed it", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 3 });
      const slots = await Promise.all([1, 2, 3].map(() => openSlot(storage, experiment)));
      expect(slots.map((slot) => slot.number)).toEqual([1, 2, 3]);
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("busy");
      for (const slot of slots) await storage.finishTrial(await filled(storage, slot), objective(slot.number));
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("done");
    });

    it("gets the place of a broken trial back, until too many are broken", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1, maxBroken: 2 });
      for (const number of [1, 2]) {
        const trial = await filled(storage, await openSlot(storage, experiment));
        expect(trial.number).toBe(number);
        expect(await storage.releaseTrial(trial, "broken", { reason: "exit code 1", exitCode: 1 })).toBe(true);
      }
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("broken");
      const [trial] = await storage.listTrials(experiment.id, { statuses: ["broken"] });
      expect(trial?.failure).toEqual({ reason: "exit code 1", exitCode: 1 });
      expect(trial?.finishedRevision).toBe(trial?.changedRevision);
    });

    it("gets the place of a dropped slot back, and keeps the number of a slot that waits", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      await storage.returnSlot(await openSlot(storage, experiment), "drop");
      const second = await openSlot(storage, experiment);
      await storage.returnSlot(second, "wait");
      const again = await openSlot(storage, experiment);
      expect(again).toEqual({ ...second, epoch: second.epoch + 1 });
      expect(await storage.fillSlot(second, suggestion(1))).toBe("lost");
    });

    it("is exact for trials inserted by hand, of which there may be more", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      await storage.insertTrials(experiment.id, [inserted(1), inserted(2)]);
      const trial = await reserved(storage, experiment);
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("busy");
      await storage.finishTrial(trial, objective(1));
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("done");
    });

    it("is exact when it was lowered below what waits", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 4 });
      const slots = await Promise.all([1, 2, 3, 4].map(() => openSlot(storage, experiment)));
      for (const slot of slots.slice(0, 2)) {
        await storage.releaseTrial(await filled(storage, slot), "interrupted");
      }
      for (const slot of slots.slice(2)) await storage.returnSlot(slot, "wait");
      const setLimit = (maxTrials: number) => storage.changeExperiment(experiment.id, { maxTrials });
      await setLimit(1);
      const first = await reserved(storage, experiment);
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("busy");
      await setLimit(3);
      const second = await reserved(storage, experiment);
      const third = await openSlot(storage, experiment);
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("busy");
      // A place that becomes free is anybody's.
      await storage.returnSlot(third, "drop");
      const fourth = await openSlot(storage, experiment);
      for (const trial of [first, second, await filled(storage, fourth)]) {
        await storage.finishTrial(trial, objective(trial.number));
      }
      expect((await storage.reserveTrial(experiment.id, claim("w"))).kind).toBe("done");
    });
  });

  describe("a budget of the caller's own", () => {
    it("counts what everybody completed, and leaves the experiment's alone", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 5 });
      await complete(storage, experiment, 1);
      const limited = { ...claim("w"), maxTrials: 2 };
      const got = await storage.reserveTrial(experiment.id, limited);
      expect(got.kind).toBe("slot");
      expect((await storage.reserveTrial(experiment.id, limited)).kind).toBe("busy");
      expect((await storage.reserveTrial(experiment.id, { ...claim("w"), maxTrials: 1 })).kind).toBe("done");
      expect((await storage.reserveTrial(experiment.id, { ...claim("w"), maxTrials: 99 })).kind).toBe("slot");
    });
  });
}
