import { describe, expect, it } from "vitest";
import {
  claim,
  complete,
  filled,
  hash,
  inserted,
  objective,
  openSlot,
  reserved,
  type StorageBench,
  suggestion,
} from "./storage-bench.js";

/** What every storage promises of the history that workers share. */
export function historyPromises({ reopen, fresh }: StorageBench): void {
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

    it("is not rewritten by a change by hand that matches no trial", async () => {
      const { storage, experiment } = await fresh();
      await complete(storage, experiment, 1);
      const { revision } = await storage.readChanges(experiment.id, 0);
      expect(await storage.removeTrials(experiment.id, { statuses: ["broken"] })).toBe(0);
      expect(await storage.setStatus(experiment.id, { ids: [hash(7)] }, "interrupted")).toBe(0);
      expect(await storage.readChanges(experiment.id, revision)).toMatchObject({ revision, isRewritten: false });
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
      const trial = await filled(storage, await openSlot(storage, experiment));
      const since = await storage.readRevision(experiment.id);
      const told = Promise.all([storage, other].map((one) => one.waitForNews(experiment.id, wait(since))));
      await storage.finishTrial(trial, objective(1));
      await told;
      await storage.waitForNews(experiment.id, wait(since)); // known already
    });

    it("ends when a change that was asked for before takes effect", async () => {
      const { storage, experiment } = await fresh();
      const since = await storage.readRevision(experiment.id);
      const slot = openSlot(storage, experiment);
      await storage.waitForNews(experiment.id, { since, timeoutMs: 600_000 });
      await slot;
    });

    it("ends when the experiment is removed", async () => {
      const { storage, experiment } = await fresh();
      const since = await storage.readRevision(experiment.id);
      const told = storage.waitForNews(experiment.id, { since, timeoutMs: 600_000 });
      await storage.removeExperiments([experiment.id]);
      await told;
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

  it.skipIf(reopen === undefined)("shows one history to several connections, and keeps it", async () => {
    const { storage, experiment } = await fresh({ maxTrials: 40 });
    const others = await Promise.all([1, 2, 3].map(() => reopen!(storage)));
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
}
