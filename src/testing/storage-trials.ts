import { describe, expect, it } from "vitest";
import {
  claim,
  complete,
  definition,
  filled,
  hash,
  inserted,
  objective,
  openSlot,
  reserved,
  type StorageBench,
  suggestion,
} from "./storage-bench.js";

/** What every storage promises of trials: how they are made, what they hold, and how they end. */
export function trialPromises({ fresh }: StorageBench): void {
  describe("a reservation of one trial", () => {
    it("takes that one, not the first in line, and only while it waits", async () => {
      const { storage, experiment } = await fresh();
      await storage.insertTrials(experiment.id, [inserted(1), inserted(2)]);
      const only = { ...claim("w"), only: hash(2) };
      const got = await storage.reserveTrial(experiment.id, only);
      expect(got).toMatchObject({ kind: "trial", trial: { number: 2, status: "reserved", owner: "w", epoch: 1 } });
      expect((await storage.reserveTrial(experiment.id, only)).kind).toBe("busy");
      expect((await storage.reserveTrial(experiment.id, { ...only, only: hash(3) })).kind).toBe("busy");
      expect((await reserved(storage, experiment)).number).toBe(1);
    });
  });

  describe("one trial", () => {
    it("is found by its id or its number, and an empty slot is none", async () => {
      const { storage, experiment } = await fresh();
      const slot = await openSlot(storage, experiment);
      await storage.insertTrials(experiment.id, [inserted(1), inserted(2)]);
      const last = await storage.getTrial(experiment.id, hash(2));
      expect(last).toMatchObject({ id: hash(2), number: 3 });
      expect(await storage.getTrial(experiment.id, 3)).toEqual(last);
      for (const none of [hash(3), "3", slot.number, 0, 4]) {
        expect(await storage.getTrial(experiment.id, none)).toBeUndefined();
      }
    });
  });

  describe("an insertion that takes its trial", () => {
    const lease = { worker: "w" as const, leaseMs: 60_000 };

    it("reserves it before anybody else can, beside others that wait or are done", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 1 });
      const before = await storage.summarize(experiment.id);
      expect(before.firstStart).toBeUndefined();
      const [waiting, taken, done] = await storage.insertTrials(experiment.id, [
        inserted(1),
        { ...inserted(2), lease },
        { ...inserted(3), results: objective(1) },
      ]);
      expect(taken).toMatchObject({ id: hash(2), number: 2, status: "reserved", owner: "w", epoch: 1 });
      expect(taken?.startTime).toBeDefined();
      expect([waiting?.status, done?.status]).toEqual(["new", "completed"]);
      const { counts, firstStart } = await storage.summarize(experiment.id);
      expect(counts).toMatchObject({ new: 1, reserved: 1, completed: 1 });
      expect(firstStart).toEqual(taken?.startTime);
      expect(await storage.listOwners(experiment.id)).toEqual(["w"]);
    });

    it("holds a lease like any other: it is renewed, finished, lost, and taken over", async () => {
      const { storage, experiment } = await fresh();
      const [first] = await storage.insertTrials(experiment.id, [{ ...inserted(1), lease }]);
      expect(await storage.renewLeases("w", [first!], 60_000)).toEqual([]);
      expect(await storage.finishTrial(first!, objective(1))).toBe("completed");
      const [second] = await storage.insertTrials(experiment.id, [{ ...inserted(2), lease: { ...lease, leaseMs: 0 } }]);
      const again = await storage.reserveTrial(experiment.id, { ...claim("v"), waitingOnly: true });
      expect(again).toMatchObject({ kind: "trial", trial: { id: second!.id, epoch: 2, owner: "v" } });
      expect(await storage.releaseTrial(second!, "interrupted")).toBe(false);
    });

    it("is refused as a whole when there is such a trial, and nothing is taken", async () => {
      const { storage, experiment } = await fresh();
      await storage.insertTrials(experiment.id, [inserted(1)]);
      const twice = storage.insertTrials(experiment.id, [{ ...inserted(1), lease }]);
      await expect(twice).rejects.toMatchObject({ code: "CONFLICT" });
      expect((await storage.listTrials(experiment.id)).map(({ status }) => status)).toEqual(["new"]);
    });
  });

  describe("a reservation that brings parameters", () => {
    const suggest = (value: number) => ({ ...claim("w"), suggest: () => suggestion(value) });

    it("fills the slot in the same transaction", async () => {
      const { storage, experiment } = await fresh();
      const before = await storage.readRevision(experiment.id);
      const got = await storage.reserveTrial(experiment.id, suggest(5));
      expect(got).toMatchObject({ kind: "trial", trial: { number: 1, id: hash(5), status: "reserved", owner: "w" } });
      expect(await storage.readRevision(experiment.id)).toBe(before + 1);
    });

    it("leaves the slot empty when they are a duplicate", async () => {
      const { storage, experiment } = await fresh();
      await storage.insertTrials(experiment.id, [{ ...inserted(5), results: objective(1) }]);
      const got = await storage.reserveTrial(experiment.id, suggest(5));
      expect(got).toMatchObject({ kind: "slot", slot: { number: 2 } });
      expect(await storage.listTrials(experiment.id)).toHaveLength(1);
    });
  });

  describe("parameters", () => {
    it("are unique in an experiment", async () => {
      const { storage, experiment } = await fresh();
      const one = await openSlot(storage, experiment);
      const two = await openSlot(storage, experiment);
      await filled(storage, one, 5);
      expect(await storage.fillSlot(two, suggestion(5))).toBe("duplicate");
      expect(await storage.fillSlot(two, suggestion(6))).toMatchObject({ number: 2, status: "reserved" });
    });

    it("bring facts and a claim with them, and a claim is unique like an id", async () => {
      const { storage, experiment } = await fresh();
      const [one, two] = [await openSlot(storage, experiment), await openSlot(storage, experiment)];
      const facts = { rung: 1, worst: Number.POSITIVE_INFINITY, asked: "gp" };
      const told = await storage.fillSlot(one, { ...suggestion(1), facts, claim: "a" });
      expect(told).toMatchObject({ facts, claim: "a" });
      expect(await storage.fillSlot(two, { ...suggestion(2), claim: "a" })).toBe("duplicate");
      expect(await storage.fillSlot(two, suggestion(2))).toMatchObject({ facts: {}, claim: undefined });
      expect((await storage.listTrials(experiment.id)).map((trial) => trial.facts)).toEqual([facts, {}]);
    });

    it("are filled in once, however often the call is repeated", async () => {
      const { storage, experiment } = await fresh();
      const slot = await openSlot(storage, experiment);
      const trial = await filled(storage, slot);
      expect(await storage.fillSlot(slot, suggestion(slot.number))).toEqual(trial);
    });

    it("refuse to be inserted twice, and then none of the batch is", async () => {
      const { storage, experiment } = await fresh();
      await storage.insertTrials(experiment.id, [inserted(1)]);
      await expect(storage.insertTrials(experiment.id, [inserted(2), inserted(1)])).rejects.toMatchObject({
        code: "CONFLICT",
      });
      expect(await storage.listTrials(experiment.id)).toHaveLength(1);
    });

    it("and results survive with NaN, infinities, -0 and 2⁵³", async () => {
      const { storage, experiment } = await fresh();
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** 53, 5e-324, "é\n\0"];
      const slot = await openSlot(storage, experiment);
      const trial = await storage.fillSlot(slot, { ...suggestion(1), params: { "/x": odd } });
      await storage.finishTrial(slot, [
        { name: "o", type: "objective", value: -0 },
        { name: "s", type: "statistic", value: { odd } },
      ]);
      const [read] = await storage.listTrials(experiment.id);
      expect(trial).toMatchObject({ params: { "/x": odd } });
      expect(read?.params).toEqual({ "/x": odd });
      expect(Object.is(read?.objective, -0)).toBe(true);
      expect(read?.results[1]?.value).toEqual({ odd });
    });
  });

  describe("results", () => {
    it("complete a trial once, however often the call is repeated", async () => {
      const { storage, experiment } = await fresh();
      const trial = await filled(storage, await openSlot(storage, experiment));
      expect(await storage.finishTrial(trial, objective(3))).toBe("completed");
      const revision = await storage.readRevision(experiment.id);
      expect(await storage.finishTrial(trial, objective(3))).toBe("completed");
      expect(await storage.readRevision(experiment.id)).toBe(revision);
      expect(await storage.listTrials(experiment.id)).toMatchObject([{ objective: 3, lateResults: [] }]);
    });

    it("that come after the lease was lost still complete the trial", async () => {
      const { storage, experiment } = await fresh();
      const late = await filled(storage, await openSlot(storage, experiment, 0));
      const taken = await reserved(storage, experiment);
      expect(await storage.finishTrial(late, objective(1))).toBe("completed");
      expect(await storage.renewLeases("w", [taken], 1000)).toEqual([taken]);
      expect(await storage.finishTrial(taken, objective(2))).toBe("kept");
      expect(await storage.finishTrial(taken, objective(2))).toBe("kept");
      const [trial] = await storage.listTrials(experiment.id);
      expect(trial).toMatchObject({ status: "completed", objective: 1, lateResults: [objective(2)] });
    });

    it("of a trial that was removed are answered, not thrown", async () => {
      const { storage, experiment } = await fresh();
      const trial = await filled(storage, await openSlot(storage, experiment));
      expect(await storage.removeTrials(experiment.id, { ids: [trial.id] })).toBe(1);
      expect(await storage.finishTrial(trial, objective(1))).toBe("removed");
    });

    it("that are not finite are never the best", async () => {
      for (const direction of ["minimize", "maximize"] as const) {
        const { storage, experiment } = await fresh({ definition: definition({ direction }) });
        for (const value of [Number.NaN, Number.NEGATIVE_INFINITY, 7, Number.POSITIVE_INFINITY, 8]) {
          await complete(storage, experiment, value);
        }
        const { best, counts } = await storage.summarize(experiment.id);
        expect(best?.objective).toBe(direction === "minimize" ? 7 : 8);
        expect(counts.completed).toBe(5);
      }
    });
  });

  describe("changes by hand", () => {
    it("move trials that match, count them, and void their leases", async () => {
      const { storage, experiment } = await fresh();
      await complete(storage, experiment, 1);
      const running = await filled(storage, await openSlot(storage, experiment));
      expect(await storage.setStatus(experiment.id, { statuses: ["completed"] }, "interrupted")).toBe(1);
      expect(await storage.setStatus(experiment.id, { ids: ["absent"] }, "new")).toBe(0);
      const { counts, best } = await storage.summarize(experiment.id);
      expect(counts).toMatchObject({ completed: 0, interrupted: 1, reserved: 1 });
      expect(best).toBeUndefined();
      expect(await storage.setStatus(experiment.id, { ids: [running.id] }, "suspended")).toBe(1);
      expect(await storage.renewLeases("w", [running], 1000)).toEqual([running]);
    });

    it("make a completed trial the best again when it is set back", async () => {
      const { storage, experiment } = await fresh();
      await complete(storage, experiment, 4);
      await storage.setStatus(experiment.id, {}, "interrupted");
      await storage.setStatus(experiment.id, {}, "completed");
      expect((await storage.summarize(experiment.id)).best?.objective).toBe(4);
    });
  });
}
