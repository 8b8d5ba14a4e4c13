import { afterEach, describe, expect, it } from "vitest";
import { atRest } from "../storage/at-rest.js";
import type { Destination, StoredExperiment, StoredRecord } from "../storage/records.js";
import type { Definition, ExperimentRecord, NewExperiment, SlotLease, Storage } from "../storage/storage.js";
import type { Result, Trial } from "../trial/trial.js";

export interface StorageUnderTest {
  /** An empty database. */
  open(): Promise<Storage>;
  /** Another connection to the database that `storage` is connected to; left out where there can be only one. */
  reopen?(storage: Storage): Promise<Storage>;
}

/** Every promise of `Storage`, stated once for all backends. */
export function storageContract(name: string, { open, reopen }: StorageUnderTest): void {
  describe(`${name} keeps the contract of a storage`, () => {
    const opened: Storage[] = [];
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close();
    });

    const fresh = async (change: Partial<NewExperiment> = {}) => {
      const storage = await open();
      opened.push(storage);
      return { storage, experiment: await storage.createExperiment(newExperiment(change)) };
    };

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
    });

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

      it("may be passed by trials inserted by hand, which are counted", async () => {
        const { storage, experiment } = await fresh({ maxTrials: 1 });
        await storage.insertTrials(experiment.id, [inserted(1), inserted(2)]);
        await complete(storage, experiment, 1);
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
        const [second] = await storage.insertTrials(experiment.id, [
          { ...inserted(2), lease: { ...lease, leaseMs: 0 } },
        ]);
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
        const mine = [await openSlot(storage, experiment, 0), await openSlot(storage, experiment, 0)];
        // The second call took the first slot over, since its lease was already lost.
        expect(mine[1]?.number).toBe(mine[0]?.number);
        const kept = await openSlot(storage, experiment, 60_000);
        expect(await storage.renewLeases("w", [kept], 60_000)).toEqual([]);
        expect(await storage.renewLeases("stranger", [kept], 60_000)).toEqual([kept]);
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
        expect(await Promise.all(answers)).toMatchObject([
          "completed",
          { kind: "busy" },
          "completed",
          { kind: "done" },
        ]);
      });

      it("do not raise the revision when they are prolonged", async () => {
        const { storage, experiment } = await fresh();
        const slot = await openSlot(storage, experiment);
        const before = await storage.readRevision(experiment.id);
        await storage.renewLeases("w", [slot], 60_000);
        expect(await storage.readRevision(experiment.id)).toBe(before);
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

    describe("the history", () => {
      it("has dense revisions, and a reader that follows them sees each change once", async () => {
        const { storage, experiment } = await fresh();
        const first = await storage.readChanges(experiment.id, 0);
        const trial = await filled(storage, await openSlot(storage, experiment));
        const second = await storage.readChanges(experiment.id, first.revision);
        expect(second.trials).toMatchObject([{ number: 1, status: "reserved" }]);
        expect(second.revision - first.revision).toBe(2); // the slot, and its parameters
        await storage.finishTrial(trial, objective(1));
        const third = await storage.readChanges(experiment.id, second.revision);
        expect(third).toMatchObject({ revision: second.revision + 1, isRewritten: false });
        expect(third.trials).toMatchObject([{ status: "completed", finishedRevision: third.revision }]);
        expect((await storage.readChanges(experiment.id, third.revision)).trials).toEqual([]);
      });

      it("is read whole however long it is, each trial to the letter, while others write", async () => {
        const { storage, experiment } = await fresh();
        const odd = { "/x": [Number.NaN, -0, 2 ** 53, 0.1, "é\n\0\ud800", "'], [\\\""] };
        const told = {
          facts: { worst: Number.NEGATIVE_INFINITY },
          claim: 'a,"b',
          parent: hash(9),
          workingDir: '/tmp/é \n"',
        };
        const slot = await openSlot(storage, experiment);
        await storage.fillSlot(slot, { ...suggestion(1), ...told, params: odd });
        const results = [...objective(-0), { name: "s", type: "statistic" as const, value: odd }];
        await storage.finishTrial(slot, results, { stoppedAt: 0.1 + 0.2 });
        await storage.finishTrial({ ...slot, epoch: 7 }, objective(5)); // a late one
        const broken = await filled(storage, await openSlot(storage, experiment));
        await storage.releaseTrial(broken, "broken", { reason: 'it\'s "so"\n', exitCode: 3 });
        const running = await filled(storage, await openSlot(storage, experiment));
        for (let batch = 0; batch < 5; batch++) {
          const many = Array.from({ length: 500 }, (_, index) => inserted(1000 + 500 * batch + index));
          await storage.insertTrials(experiment.id, many);
        }
        const reading = storage.readChanges(experiment.id, 0);
        await storage.finishTrial(running, objective(1));
        const changes = await reading;
        const since = await storage.readChanges(experiment.id, changes.revision);
        const seen = new Map([...changes.trials, ...since.trials].map((trial) => [trial.number, trial]));
        expect(new Set(changes.trials.map((trial) => trial.number)).size).toBe(changes.trials.length);
        expect(changes.trials.length).toBe(2503);
        expect([...seen.values()].sort((a, b) => a.number - b.number)).toEqual(await storage.listTrials(experiment.id));
        const order = changes.trials.map((trial) => trial.changedRevision * 1e6 + trial.number);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      });

      it("says when it was rewritten by hand", async () => {
        const { storage, experiment } = await fresh();
        await complete(storage, experiment, 1);
        await complete(storage, experiment, 2);
        const { revision } = await storage.readChanges(experiment.id, 0);
        await storage.removeTrials(experiment.id, { ids: [hash(1)] });
        const after = await storage.readChanges(experiment.id, revision);
        expect(after.isRewritten).toBe(true);
        expect(after.trials.map((trial) => trial.number)).toEqual([2]);
      });

      it("does not show empty slots as trials", async () => {
        const { storage, experiment } = await fresh();
        await openSlot(storage, experiment);
        expect(await storage.listTrials(experiment.id)).toEqual([]);
        expect((await storage.summarize(experiment.id)).counts).toMatchObject({ new: 0, reserved: 0 });
      });

      it("hands out copies", async () => {
        const { storage, experiment } = await fresh();
        await complete(storage, experiment, 1);
        const [trial] = await storage.listTrials(experiment.id);
        (trial as { status: string }).status = "broken";
        expect(await storage.listTrials(experiment.id)).toMatchObject([{ status: "completed" }]);
      });
    });

    describe("reports of running trials", () => {
      it("come back in the order of arrival, and only those that are new", async () => {
        const { storage, experiment } = await fresh();
        const one = await filled(storage, await openSlot(storage, experiment));
        const two = await filled(storage, await openSlot(storage, experiment));
        const first = [
          { step: 1, value: 0.5 },
          { step: 2, value: Number.NaN },
        ];
        expect(await storage.addReports(one, first)).toBe(true);
        expect(await storage.addReports(two, [{ step: 1, value: -0 }])).toBe(true);
        const { cursor, reports } = await storage.readReports(experiment.id, 0);
        expect(reports).toEqual([
          ...first.map((report) => ({ ...report, number: 1 })),
          { number: 2, step: 1, value: -0 },
        ]);
        await storage.addReports(one, [{ step: 2, value: 0.25 }]);
        const later = await storage.readReports(experiment.id, cursor);
        expect(later.reports).toEqual([{ number: 1, step: 2, value: 0.25 }]);
        expect((await storage.readReports(experiment.id, later.cursor)).reports).toEqual([]);
        expect((await storage.readReports(experiment.id, 0)).reports).toHaveLength(3);
      });

      it("are refused when the lease was lost, and go with their trial", async () => {
        const { storage, experiment } = await fresh();
        const slot = await openSlot(storage, experiment, 0);
        const trial = await filled(storage, slot);
        const again = await reserved(storage, experiment);
        expect(again.epoch).toBe(trial.epoch + 1);
        expect(await storage.addReports(trial, [{ step: 1, value: 1 }])).toBe(false);
        expect(await storage.addReports(again, [{ step: 1, value: 1 }])).toBe(true);
        await storage.removeTrials(experiment.id, {});
        expect((await storage.readReports(experiment.id, 0)).reports).toEqual([]);
      });

      it("may end in an early stop, which is kept with the result", async () => {
        const { storage, experiment } = await fresh();
        const trial = await filled(storage, await openSlot(storage, experiment));
        expect(trial.stoppedAt).toBeUndefined();
        await storage.finishTrial(trial, objective(1), { stoppedAt: 3 });
        expect(await storage.listTrials(experiment.id)).toMatchObject([{ status: "completed", stoppedAt: 3 }]);
      });
    });

    describe("waiting for news", () => {
      const wait = (since: number) => ({ since, timeoutMs: 60_000 });

      it("ends when the history moves on, whoever moved it", async () => {
        const { storage, experiment } = await fresh();
        const other = reopen === undefined ? storage : await reopen(storage);
        if (other !== storage) opened.push(other);
        const trial = await filled(storage, await openSlot(storage, experiment));
        const since = await storage.readRevision(experiment.id);
        const told = Promise.all([storage, other].map((one) => one.waitForNews(experiment.id, wait(since))));
        await storage.finishTrial(trial, objective(1));
        await told;
        await storage.waitForNews(experiment.id, wait(since)); // known already
      });

      it("ends without news when the time is over, or when it is called off", async () => {
        const { storage, experiment } = await fresh();
        const since = await storage.readRevision(experiment.id);
        await storage.waitForNews(experiment.id, { since, timeoutMs: 1 });
        await storage.waitForNews(experiment.id, { ...wait(since), signal: AbortSignal.abort() });
        const off = new AbortController();
        const told = storage.waitForNews(experiment.id, { ...wait(since), signal: off.signal });
        off.abort();
        await told;
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

    describe("moving to another database", () => {
      const exported = async (storage: Storage, ...experiments: readonly ExperimentRecord[]) => {
        const records: StoredRecord[] = [];
        const ids = experiments.map(({ id }) => id);
        await storage.exportExperiments(ids, (record) => void records.push(record));
        return records;
      };
      const create = ({ version }: StoredExperiment): Destination => ({ kind: "create", version });

      /** Every kind of row there is, and two trials whose leases are live. */
      const eventful = async () => {
        const { storage, experiment } = await fresh({ maxTrials: 20, maxBroken: 9, workingDir: "/tmp/a b" });
        const child = await storage.createExperiment(
          newExperiment({ version: 2, parent: { experimentId: experiment.id, adapters: [{ kind: "rename" }] } }),
        );
        const odd = [Number.NaN, Number.NEGATIVE_INFINITY, -0, 2 ** 53, "é\n\0"];
        const told = { params: { "/x": odd }, facts: { worst: Number.NaN }, claim: "c", parent: hash(9) };
        const slot = await openSlot(storage, experiment);
        const first = await storage.fillSlot(slot, { ...suggestion(1), ...told });
        await storage.addReports(first as Trial, [{ step: 1, value: Number.NaN }]);
        await storage.finishTrial(slot, [{ name: "o", type: "objective", value: -0 }], { stoppedAt: 3 });
        await storage.finishTrial({ ...slot, epoch: 7 }, objective(5)); // a late one
        await storage.changeExperiment(experiment.id, { maxTrials: 30 });
        const broken = await filled(storage, await openSlot(storage, experiment));
        await storage.releaseTrial(broken, "broken", { reason: "exit code 1", exitCode: 1, stderr: "no" });
        await storage.insertTrials(experiment.id, [{ ...inserted(50), results: objective(2) }]);
        await storage.returnSlot(await openSlot(storage, experiment), "drop");
        await filled(storage, await openSlot(storage, experiment));
        await openSlot(storage, experiment);
        return { storage, experiment, child };
      };

      it("hands over all rows, which make the same history elsewhere, but with nobody at work", async () => {
        const { storage, experiment, child } = await eventful();
        const records = await exported(storage, experiment, child);
        const other = await open();
        opened.push(other);
        const tally = await other.importExperiments(records, create);
        expect(tally).toEqual({ created: 2, merged: 0, skipped: 0, trials: 4, finished: 0, conflicts: 0 });
        const copies = await other.listExperiments();
        const again = await exported(other, ...copies);
        expect(again).toEqual(records.map(atRest));
        expect(copies[1]!.parent).toEqual({ experimentId: copies[0]!.id, adapters: [{ kind: "rename" }] });
        expect(copies.map(({ id, parent, ...rest }) => rest)).toEqual(
          [experiment, child].map(({ id, parent, ...rest }) =>
            expect.objectContaining({ name: rest.name, version: rest.version, createdTime: rest.createdTime }),
          ),
        );
        const next = await other.reserveTrial(copies[0]!.id, claim("w"));
        expect(next).toMatchObject({ kind: "trial", trial: { number: 5, epoch: 2 } });
        const { counts, best } = await other.summarize(copies[0]!.id);
        expect(counts).toMatchObject({ completed: 2, broken: 1, reserved: 1 });
        expect(best).toMatchObject({ number: 1, stoppedAt: 3, lateResults: [objective(5)] });
      });

      it("stores nothing when the records or their places fail", async () => {
        const { storage, experiment, child } = await eventful();
        const records = await exported(storage, experiment, child);
        const before = await exported(storage, ...(await storage.listExperiments()));
        const failing = function* () {
          yield* records;
          throw new Error("cut off");
        };
        const renamed = function* (source: Iterable<StoredRecord>) {
          for (const record of source) yield record.kind === "experiment" ? { ...record, name: "copy" } : record;
        };
        await expect(storage.importExperiments(renamed(failing()), create)).rejects.toThrow("cut off");
        await expect(storage.importExperiments(records, create)).rejects.toMatchObject({ code: "CONFLICT" });
        await expect(
          storage.importExperiments(renamed(records), ({ version }) => {
            if (version === 2) throw new Error("no place");
            return { kind: "create", version };
          }),
        ).rejects.toThrow("no place");
        expect(await exported(storage, ...(await storage.listExperiments()))).toEqual(before);
      });

      it("can replace an experiment, which keeps its children and loses its workers", async () => {
        const { storage, experiment, child } = await eventful();
        const records = await exported(storage, experiment);
        await complete(storage, experiment, 77);
        const tally = await storage.importExperiments(records, ({ version }) => {
          return { kind: "create", version, replaces: experiment.id };
        });
        expect(tally).toMatchObject({ created: 1, trials: 4 });
        const [copy, kept] = await storage.listExperiments();
        expect(await exported(storage, copy!)).toEqual(records.map(atRest));
        expect(kept).toMatchObject({ id: child.id, parent: { experimentId: copy!.id } });
        await expect(storage.readRevision(experiment.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
      });

      it("can skip an experiment, and link its children to the one that is there", async () => {
        const { storage, experiment, child } = await eventful();
        const records = await exported(storage, experiment, child);
        await storage.removeExperiments([child.id]);
        const before = await exported(storage, experiment);
        await storage.importExperiments(records, ({ version }) =>
          version === 1 ? { kind: "skip", experimentId: experiment.id } : { kind: "create", version },
        );
        expect(await exported(storage, experiment)).toEqual(before);
        expect((await storage.getExperiment("demo", 2))?.parent?.experimentId).toBe(experiment.id);
      });

      it("can merge: new trials join, an outcome beats none, and of two results ours counts and both are kept", async () => {
        const { storage, experiment } = await fresh();
        for (const value of [1, 2, 3]) await filled(storage, await openSlot(storage, experiment), value);
        const other = await open();
        opened.push(other);
        await other.importExperiments(await exported(storage, experiment), create);
        const copy = (await other.getExperiment("demo"))!;
        const ours = await storage.listTrials(experiment.id);
        await storage.finishTrial(ours[0]!, objective(1));
        for (const value of [10, 20]) await complete(other, copy, value); // of the numbers 1 and 2
        const extra = await openSlot(other, copy).catch(() => undefined);
        expect(extra).toBeUndefined(); // number 3 is waiting, so there is no slot
        await other.insertTrials(copy.id, [{ ...inserted(4), results: objective(4) }]);

        const records = await exported(other, copy);
        const merge = () => storage.importExperiments(records, () => ({ kind: "merge", experimentId: experiment.id }));
        expect(await merge()).toEqual({ created: 0, merged: 1, skipped: 0, trials: 1, finished: 1, conflicts: 1 });
        const trials = await storage.listTrials(experiment.id);
        expect(trials.map(({ number, status, objective: value }) => [number, status, value])).toEqual([
          [1, "completed", 1],
          [2, "completed", 20],
          [3, "reserved", undefined],
          [4, "completed", 4],
        ]);
        expect(trials[0]!.lateResults).toEqual([objective(10)]);
        expect(trials[3]).toMatchObject({ id: hash(4), basisRevision: undefined });
        // Our worker of number 2 is told when it renews, and what it found is kept beside.
        expect(await storage.renewLeases("w", [ours[1]!], 1000)).toEqual([ours[1]!]);
        expect(await storage.finishTrial(ours[1]!, objective(2))).toBe("kept");
        const before = await exported(storage, experiment);
        expect(await merge()).toMatchObject({ trials: 0, finished: 0 });
        expect(await exported(storage, experiment)).toEqual(before);
      });
    });

    it("passes its own checks and leaves nothing behind", async () => {
      const { storage } = await fresh();
      for (const check of storage.checks) expect(await check.run(), check.title).not.toBe("");
      expect(await storage.listExperiments()).toHaveLength(1);
    });

    it.skipIf(reopen === undefined)("shows one history to several connections, and keeps it", async () => {
      const { storage, experiment } = await fresh({ maxTrials: 40 });
      const others = await Promise.all([1, 2, 3].map(() => reopen!(storage)));
      opened.push(...others);
      const all = [storage, ...others];
      const work = all.map(async (connection, worker) => {
        for (;;) {
          const got = await connection.reserveTrial(experiment.id, claim(`w${worker}`));
          if (got.kind !== "slot") return;
          await connection.fillSlot(got.slot, suggestion(got.slot.number));
          await connection.finishTrial(got.slot, objective(got.slot.number));
        }
      });
      await Promise.all(work);
      const trials = await others[0]!.listTrials(experiment.id);
      expect(trials.map((trial) => trial.number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
      expect(new Set(trials.map((trial) => trial.finishedRevision)).size).toBe(40);
      expect(await storage.readRevision(experiment.id)).toBe(1 + 3 * 40);
    });
  });
}

function definition(change: Partial<Definition> = {}): Definition {
  return {
    space: { "/x": "uniform(0, 1)" },
    algorithm: { name: "random", options: {} },
    seed: "1",
    direction: "minimize",
    metadata: { user: "tester", datetime: "2026-01-01T00:00:00.000Z", orionVersion: "0", userArgs: [] },
    ...change,
  };
}

function newExperiment(change: Partial<NewExperiment> = {}): NewExperiment {
  return {
    name: "demo",
    definition: definition(),
    maxTrials: Number.POSITIVE_INFINITY,
    maxBroken: 3,
    workingDir: "",
    ...change,
  };
}

const claim = (worker: string, leaseMs = 60_000) => ({ worker, leaseMs });
const hash = (value: number): string => String(value).padStart(32, "0");
const objective = (value: number): Result[] => [{ name: "o", type: "objective", value }];
const inserted = (value: number) => ({ id: hash(value), params: { "/x": value }, workingDir: "" });
const suggestion = (value: number) => ({ ...inserted(value), basisRevision: 1, attempt: 0 });

async function openSlot(storage: Storage, experiment: ExperimentRecord, leaseMs = 60_000): Promise<SlotLease> {
  const got = await storage.reserveTrial(experiment.id, claim("w", leaseMs));
  if (got.kind !== "slot") throw new Error(`expected a slot, got ${got.kind}`);
  return got.slot;
}

async function filled(storage: Storage, slot: SlotLease, value = slot.number): Promise<Trial> {
  const trial = await storage.fillSlot(slot, suggestion(value));
  if (typeof trial === "string") throw new Error(`expected a trial, got ${trial}`);
  return trial;
}

async function reserved(storage: Storage, experiment: ExperimentRecord): Promise<Trial> {
  const got = await storage.reserveTrial(experiment.id, claim("w"));
  if (got.kind !== "trial") throw new Error(`expected a trial, got ${got.kind}`);
  return got.trial;
}

async function complete(storage: Storage, experiment: ExperimentRecord, value: number): Promise<void> {
  const got = await storage.reserveTrial(experiment.id, claim("w"));
  if (got.kind === "trial") await storage.finishTrial(got.trial, objective(value));
  if (got.kind === "slot") await storage.finishTrial(await filled(storage, got.slot), objective(value));
}
