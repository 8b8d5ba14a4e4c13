import { describe, expect, it } from "vitest";
import { atRest } from "../storage/at-rest.js";
import type { Destination, StoredExperiment, StoredRecord } from "../storage/records.js";
import type { ExperimentRecord, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import {
  claim,
  complete,
  filled,
  hash,
  inserted,
  newExperiment,
  objective,
  openSlot,
  type StorageBench,
  suggestion,
} from "./storage-bench.js";

/** What every storage promises of moving experiments to another database. */
export function transferPromises({ open, fresh }: StorageBench): void {
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

    it("keeps each value in its place when a record of a trial lacks what every trial has", async () => {
      const { storage, experiment } = await eventful();
      const records = (await exported(storage, experiment)).map((record): StoredRecord => {
        if (record.kind !== "trial") return record;
        const { submitTime: _, params: __, ...rest } = record;
        return rest;
      });
      const other = await open();
      await other.importExperiments(records, create);
      const { id } = (await other.getExperiment("demo"))!;
      const trials = await other.listTrials(id);
      expect(trials[0]).toMatchObject({ params: {}, submitTime: 0, workingDir: "", stoppedAt: 3 });
      const { trials: read } = await other.readChanges(id, 0);
      expect(read.toSorted((a, b) => a.number - b.number)).toEqual(trials);
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

    it("reads the records once, whatever becomes of the calls beside it", async () => {
      const { storage, experiment } = await eventful();
      const records = await exported(storage, experiment);
      const other = await open();
      await other.createExperiment(newExperiment({ name: "taken" }));
      const [imported, refused] = await Promise.allSettled([
        other.importExperiments(records.values(), create),
        other.createExperiment(newExperiment({ name: "taken" })),
      ]);
      expect(refused).toMatchObject({ reason: { code: "CONFLICT" } });
      expect(imported).toMatchObject({ value: { created: 1, trials: 4 } });
      expect(await other.listExperiments(experiment.name)).toHaveLength(1);
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

    it("tells of a merge that gives an outcome to a trial that had ended otherwise", async () => {
      const { storage, experiment } = await fresh();
      const trial = await filled(storage, await openSlot(storage, experiment));
      const other = await open();
      await other.importExperiments(await exported(storage, experiment), create);
      const copy = (await other.getExperiment("demo"))!;
      await complete(other, copy, 5);
      await storage.releaseTrial(trial, "broken", { reason: "exit code 1" });
      const { revision: known } = await storage.readChanges(experiment.id, 0);

      const records = await exported(other, copy);
      const place = (): Destination => ({ kind: "merge", experimentId: experiment.id });
      expect(await storage.importExperiments(records, place)).toMatchObject({ finished: 1 });
      // Who has read that it is broken would know it twice.
      const { isRewritten, trials } = await storage.readChanges(experiment.id, known);
      expect(isRewritten).toBe(true);
      expect(trials).toMatchObject([{ number: 1, status: "completed", objective: 5, failure: undefined }]);
      const { revision } = await storage.readChanges(experiment.id, 0);
      await storage.importExperiments(records, place);
      expect(await storage.readRevision(experiment.id)).toBe(revision);
    });
  });
}
