import { describe, expect, it } from "vitest";
import {
  claim,
  filled,
  hash,
  inserted,
  objective,
  openSlot,
  reserved,
  type StorageBench,
  suggestion,
} from "./storage-bench.js";

/** What every storage promises of leases. */
export function leasePromises({ fresh }: StorageBench): void {
  describe("leases", () => {
    it("have one winner among many", async () => {
      const { storage, experiment } = await fresh();
      await storage.insertTrials(experiment.id, [inserted(1)]);
      const workers = Array.from({ length: 20 }, (_, index) => `w${index}`);
      const got = await Promise.all(
        workers.map((worker) => storage.reserveTrial(experiment.id, { ...claim(worker), waitingOnly: true })),
      );
      expect(got.filter((reservation) => reservation.kind === "trial")).toHaveLength(1);
    });

    it("go to interrupted and suspended trials first, then to new ones, by number", async () => {
      const { storage, experiment } = await fresh();
      await storage.insertTrials(experiment.id, [1, 2, 3, 4].map(inserted));
      await storage.setStatus(experiment.id, { ids: [hash(4)] }, "interrupted");
      await storage.setStatus(experiment.id, { ids: [hash(3)] }, "suspended");
      const order = [];
      for (let turn = 0; turn < 4; turn++) order.push((await reserved(storage, experiment)).number);
      expect(order).toEqual([3, 4, 1, 2]);
    });

    it("that ran out are taken over with the next epoch, and the old one is void", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      const slot = await openSlot(storage, experiment, 0);
      const again = await openSlot(storage, experiment, 0);
      expect(again.number).toBe(slot.number);
      expect(await storage.fillSlot(slot, suggestion(1))).toBe("lost");
      const trial = await filled(storage, again);
      const taken = await reserved(storage, experiment);
      expect(taken).toMatchObject({ number: trial.number, id: trial.id, epoch: trial.epoch + 1 });
      expect(await storage.releaseTrial(trial, "broken")).toBe(false);
      expect(await storage.renewLeases("w", [trial], 1000)).toEqual([trial]);
    });

    it("of workers known to be gone are taken over at once", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      const trial = await filled(storage, await openSlot(storage, experiment));
      expect((await storage.reserveTrial(experiment.id, claim("other"))).kind).toBe("busy");
      expect(await storage.listOwners(experiment.id)).toEqual(["w"]);
      const taken = await storage.reserveTrial(experiment.id, { ...claim("other"), goneWorkers: ["w"] });
      expect(taken).toMatchObject({ kind: "trial", trial: { number: trial.number, owner: "other" } });
    });

    it("are prolonged all at once by their own worker alone", async () => {
      const { storage, experiment } = await fresh();
      const slot = await openSlot(storage, experiment);
      const trial = await filled(storage, await openSlot(storage, experiment));
      expect(await storage.renewLeases("w", [slot, trial], 60_000)).toEqual([]);
      expect(await storage.renewLeases("stranger", [slot, trial], 60_000)).toEqual([slot, trial]);
      expect(await storage.renewLeases("w", [], 60_000)).toEqual([]);
    });

    it("that are not named are not prolonged: they run out, though their worker renews others", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 2 });
      const kept = await openSlot(storage, experiment);
      const forgotten = await openSlot(storage, experiment, 0);
      expect(await storage.renewLeases("w", [kept], 60_000)).toEqual([]);
      const taken = await storage.reserveTrial(experiment.id, claim("other"));
      expect(taken).toMatchObject({ kind: "slot", slot: { number: forgotten.number, epoch: forgotten.epoch + 1 } });
      expect(await storage.renewLeases("w", [forgotten, kept], 60_000)).toEqual([forgotten]);
      expect(await storage.fillSlot(forgotten, suggestion(1))).toBe("lost");
    });

    it("that ran out are prolonged while nobody has taken them", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      const slot = await openSlot(storage, experiment, 0);
      expect(await storage.renewLeases("w", [slot], 60_000)).toEqual([]);
      expect((await storage.reserveTrial(experiment.id, claim("other"))).kind).toBe("busy");
    });

    it("are over with their trial, and renewed no more", async () => {
      const { storage, experiment } = await fresh();
      const ended = await filled(storage, await openSlot(storage, experiment));
      await storage.finishTrial(ended, objective(1));
      const released = await filled(storage, await openSlot(storage, experiment));
      await storage.releaseTrial(released, "interrupted");
      expect(await storage.renewLeases("w", [ended, released], 60_000)).toEqual([ended, released]);
      expect(await storage.listOwners(experiment.id)).toEqual([]);
    });

    it("may be given back as if nothing had happened", async () => {
      const { storage, experiment } = await fresh();
      const trial = await filled(storage, await openSlot(storage, experiment));
      expect(await storage.releaseTrial(trial, "new")).toBe(true);
      expect((await storage.summarize(experiment.id)).counts).toMatchObject({ new: 1, reserved: 0 });
      expect(await reserved(storage, experiment)).toMatchObject({ number: trial.number, epoch: trial.epoch + 1 });
    });

    it("are taken in the order of the calls, though nobody waits for the answers", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 2 });
      const trials = [1, 2].map(async () => filled(storage, await openSlot(storage, experiment)));
      const [one, two] = await Promise.all(trials);
      const answers = [
        storage.finishTrial(one!, objective(1)),
        storage.reserveTrial(experiment.id, claim("w")),
        storage.finishTrial(two!, objective(2)),
        storage.reserveTrial(experiment.id, claim("w")),
      ];
      expect(await Promise.all(answers)).toMatchObject(["completed", { kind: "busy" }, "completed", { kind: "done" }]);
    });

    it("do not raise the revision when they are prolonged", async () => {
      const { storage, experiment } = await fresh();
      const slot = await openSlot(storage, experiment);
      const before = await storage.readRevision(experiment.id);
      await storage.renewLeases("w", [slot], 60_000);
      expect(await storage.readRevision(experiment.id)).toBe(before);
    });
  });
}
