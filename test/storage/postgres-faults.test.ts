import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunkSize } from "../../src/storage/read-in-chunks.js";
import type { StoredRecord } from "../../src/storage/records.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Claim, NewExperiment, SlotLease, Storage } from "../../src/storage/storage.js";
import type { Trial } from "../../src/trial/trial.js";
import { type CuttingProxy, openCuttingProxy } from "./cutting-proxy.js";
import { missingServer, type PostgresServer, startPostgres } from "./postgres-server.js";

describe.skipIf(missingServer !== undefined)(`PostgreSQL that goes away (${missingServer ?? "the system's"})`, () => {
  let server: PostgresServer;
  let proxy: CuttingProxy;
  beforeAll(async () => {
    server = await startPostgres();
    proxy = await openCuttingProxy(server.port);
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const throughProxy = (url: string) => url.replace(`:${server.port}/`, `:${proxy.port}/`);

  it("answers each operation as if nothing had happened when the connection is cut after its commit", async () => {
    const plainUrl = await server.createDatabase();
    const cutUrl = await server.createDatabase();
    await using plain = await openStorage(plainUrl);
    await using cut = await openStorage(throughProxy(cutUrl));
    const expected = await live(plain, () => {});
    const calls = expected.answers.length;
    const before = proxy.cuts;
    const found = await live(cut, () => proxy.cutNextAnswer());
    expect(found.answers).toEqual(expected.answers);
    expect(found.history).toEqual(expected.history);
    expect(proxy.cuts - before).toBe(calls);
    // A name is on a row while its lease lives and no longer: whoever asks again under it would stumble over the row.
    const named = "select status from orion.trials where reservation is not null and lease_until is null";
    for (const url of [plainUrl, cutUrl]) expect(await server.query(url, named)).toEqual([]);
  });

  /** Reserve without an answer: the call is carried out, and fails. */
  async function reserveInVain(storage: Storage, experimentId: number, claim: Claim): Promise<void> {
    const before = proxy.cuts;
    proxy.cutNextAnswer();
    const unanswered = storage.reserveTrial(experimentId, claim);
    while (proxy.cuts === before) await new Promise((resolve) => setTimeout(resolve, 1));
    proxy.break(); // until the call has given up
    await expect(unanswered).rejects.toMatchObject({ code: "STORAGE", retryable: true });
    proxy.mend();
  }

  it("gives another trial to a worker that asks again when a late result has ended the one it was not told of", async () => {
    const url = await server.createDatabase();
    await using storage = await openStorage(throughProxy(url));
    await using direct = await openStorage(url);
    const { id } = await storage.createExperiment(newExperiment(5));
    const late = await direct.reserveTrial(id, { worker: "late", leaseMs: 0, suggest: suggestion });
    const claim = { worker: "w", leaseMs: 60_000 };
    await reserveInVain(storage, id, claim);
    const [taken] = await direct.listTrials(id);
    expect(taken).toMatchObject({ number: 1, epoch: 2, owner: "w" });
    expect(await direct.finishTrial((late as { trial: Trial }).trial, objective(1))).toBe("completed");
    expect(await storage.reserveTrial(id, claim)).toMatchObject({ kind: "slot", slot: { number: 2, epoch: 1 } });
  });

  it("gives the reservation whose answer was lost to the worker that asks again, and renews it for nobody", async () => {
    await using storage = await openStorage(throughProxy(await server.createDatabase()));
    const { id } = await storage.createExperiment(newExperiment(5));
    const claim = { worker: "w", leaseMs: 60_000 };
    const first = await storage.reserveTrial(id, claim);
    await reserveInVain(storage, id, claim);
    expect(await storage.readRevision(id)).toBe(3);
    expect(await storage.renewLeases("w", [(first as { slot: SlotLease }).slot], 120_000)).toEqual([]);
    const third = await storage.reserveTrial(id, claim);
    expect(third).toMatchObject({ kind: "slot", slot: { number: 2, epoch: 1 } });
    expect(await storage.readRevision(id)).toBe(3);
    expect(await storage.reserveTrial(id, claim)).toMatchObject({ kind: "slot", slot: { number: 3 } });
  });

  it("gives nobody who asks for one trial another one, whose reservation was not answered", async () => {
    const url = await server.createDatabase();
    await using storage = await openStorage(throughProxy(url));
    const { id } = await storage.createExperiment(newExperiment(5));
    const [first, second] = await storage.insertTrials(id, [inserted(1), inserted(2)]);
    const claim = { worker: "w", leaseMs: 60_000, waitingOnly: true };
    await reserveInVain(storage, id, { ...claim, only: first!.id });
    expect(await storage.getTrial(id, 1)).toMatchObject({ status: "reserved", epoch: 1 });
    expect(await storage.reserveTrial(id, { ...claim, only: second!.id })).toMatchObject({ trial: { number: 2 } });
    expect(await storage.reserveTrial(id, { ...claim, only: first!.id })).toMatchObject({
      trial: { number: 1, epoch: 1 },
    });
  });

  it("imports once, all or nothing, when the connection is cut before or after the commit", async () => {
    await using storage = await openStorage(throughProxy(await server.createDatabase()));
    const { id } = await storage.createExperiment(newExperiment(5));
    await storage.insertTrials(id, [inserted(1), { ...inserted(2), results: objective(3) }]);
    const records: StoredRecord[] = [];
    await storage.exportExperiments([id], (record) => void records.push(record));
    const load = (version: number) => storage.importExperiments(records, () => ({ kind: "create", version }));
    proxy.cutNextAnswer("BEGIN");
    expect(await load(2)).toMatchObject({ created: 1, trials: 2 });
    proxy.cutNextAnswer("COMMIT");
    expect(await load(3)).toMatchObject({ created: 1, trials: 2 });
    proxy.cutNextAnswer("INSERT");
    await expect(load(4)).rejects.toMatchObject({ code: "STORAGE", retryable: true });
    expect(await load(4)).toMatchObject({ created: 1, trials: 2 });
    const versions = await storage.listExperiments();
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    const numbers: number[] = [];
    proxy.cutNextAnswer("SELECT 2");
    const exporting = storage.exportExperiments([id], (record) => {
      if (record.kind === "trial") numbers.push(record.number);
    });
    await expect(exporting).rejects.toMatchObject({ code: "STORAGE", retryable: true });
    expect(numbers).toEqual([]);
  });

  it("wakes those who wait, after a restart too", async () => {
    const url = await server.createDatabase();
    await using storage = await openStorage(url);
    await using other = await openStorage(url);
    const { id } = await storage.createExperiment(newExperiment(5));
    const listeners = () =>
      server.query(url, "select from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and granted");
    for (const how of ["none", "immediate", "fast"] as const) {
      if (how !== "none") {
        await server.stop(how);
        await server.start();
      }
      const since = await other.readRevision(id);
      const told = storage.waitForNews(id, { since, timeoutMs: 60_000 });
      // It listens: what comes now comes by notification, though it may have begun with polling.
      while (how === "none" && (await listeners()).length === 0);
      expect((await other.reserveTrial(id, { worker: "w", leaseMs: 60_000 })).kind).toBe("slot");
      await told;
    }
  });

  it("loses nothing when it crashes under many calls", async () => {
    const url = await server.createDatabase();
    const storages = await Promise.all(Array.from({ length: 4 }, () => openStorage(url)));
    const [first] = storages as [Storage];
    const { id } = await first.createExperiment(newExperiment(60));
    const finished: number[] = [];
    const work = storages.map(async (storage, index) => {
      for (;;) {
        const got = await insist(() => storage.reserveTrial(id, { worker: `w${index}`, leaseMs: 60_000 }));
        if (got.kind !== "slot") return;
        await insist(() => storage.fillSlot(got.slot, suggestion(got.slot.number)));
        await insist(() => storage.finishTrial(got.slot, objective(got.slot.number)));
        finished.push(got.slot.number);
      }
    });
    for (const count of [10, 30]) {
      while (finished.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
      await server.stop("immediate");
      await server.start();
    }
    await Promise.all(work);
    const trials = await first.listTrials(id);
    expect(finished.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(trials.map((trial) => trial.status)).toEqual(Array(60).fill("completed"));
    expect(await first.readRevision(id)).toBe(1 + 3 * 60);
    for (const storage of storages) await storage.close();
  });

  it.each([
    ["a few trials", 5],
    ["a whole chunk of trials", chunkSize],
  ])(
    "keeps what was read of %s, though the server crashes before the disk has what no writer was told of",
    async (_, count) => {
      const url = await server.createDatabase();
      await using storage = await openStorage(url);
      const { id } = await storage.createExperiment(newExperiment(9));
      await storage.insertTrials(
        id,
        Array.from({ length: count }, (_, index) => inserted(index + 1)),
      );
      for (let number = 1; number <= 5; number++) {
        const got = (await storage.reserveTrial(id, { worker: "w", leaseMs: 60_000 })) as { trial: Trial };
        // A step up to its first commit: visible, and not on the disk.
        const step = `set local synchronous_commit = off; select orion.finish_trial(${id}, ${number}, ${got.trial.epoch}, '[]', 1, null)`;
        await server.query(url, `begin; ${step}; commit`);
        const read = await storage.readChanges(id, 0);
        expect(read.trials.at(-1)).toMatchObject({ number, status: "completed" });
        await server.stop("immediate");
        await server.start();
        const after = await insist(() => storage.readChanges(id, 0));
        expect(after).toEqual(read);
      }
    },
  );
});

/** As a worker does it. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { retryable?: boolean }).retryable !== true) throw error;
    }
  }
}

/** One of each operation that changes something; `before` is called before each. Times are left out of the answers. */
async function live(storage: Storage, before: () => void) {
  const answers: unknown[] = [];
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    before();
    const answer = await work();
    answers.push(timeless(answer));
    return answer;
  };
  const claim = { worker: "w", leaseMs: 60_000 };
  const { id } = await call(() => storage.createExperiment(newExperiment(9)));
  await call(() => storage.changeExperiment(id, { maxTrials: 8, expectedRevision: 1 }));
  await call(() => storage.insertTrials(id, [inserted(100), { ...inserted(101), results: objective(1) }]));
  const waiting = (await call(() => storage.reserveTrial(id, claim))) as { trial: Trial };
  await call(() => storage.addReports(waiting.trial, [{ step: 1, value: 2 }]));
  await call(() => storage.finishTrial(waiting.trial, objective(2)));
  const slot = (await call(() => storage.reserveTrial(id, claim))) as { slot: SlotLease };
  await call(() => storage.fillSlot(slot.slot, suggestion(slot.slot.number)));
  await call(() => storage.renewLeases("w", [slot.slot], 60_000));
  await call(() => storage.releaseTrial(slot.slot, "broken", { reason: "r" }));
  await call(() => storage.finishTrial(slot.slot, objective(7)));
  const filled = await call(() => storage.reserveTrial(id, { ...claim, suggest: suggestion }));
  const second = (filled as { trial: Trial }).trial;
  await call(() => storage.releaseTrial(second, "interrupted"));
  const dropped = (await call(() => storage.reserveTrial(id, claim))) as { trial: Trial };
  await call(() => storage.releaseTrial(dropped.trial, "suspended"));
  await call(() => storage.setStatus(id, { ids: [second.id] }, "completed"));
  const kept = (await call(() => storage.reserveTrial(id, claim))) as { slot: SlotLease };
  await call(() => storage.returnSlot(kept.slot, "wait"));
  const idle = (await call(() => storage.reserveTrial(id, claim))) as { slot: SlotLease };
  await call(() => storage.returnSlot(idle.slot, "drop"));
  await call(() => storage.removeTrials(id, { ids: [hash(100)] }));
  const other = await storage.createExperiment({ ...newExperiment(1), name: "other" });
  await storage.insertTrials(other.id, [inserted(1)]);
  await call(() => storage.removeExperiments([other.id]));
  const history = {
    trials: timeless(await storage.listTrials(id)),
    revision: await storage.readRevision(id),
    counts: (await storage.summarize(id)).counts,
    reports: await storage.readReports(id, 0),
    experiments: timeless(await storage.listExperiments()),
  };
  return { answers, history };
}

function timeless(value: unknown): unknown {
  const text = JSON.stringify(value, (key, inner) => (/Time|leaseUntil/.test(key) ? undefined : inner));
  return text === undefined ? undefined : JSON.parse(text);
}

function newExperiment(maxTrials: number): NewExperiment {
  return {
    name: "demo",
    definition: {
      space: { "/x": "uniform(0, 1)" },
      algorithm: { name: "random", options: {} },
      seed: "1",
      direction: "minimize",
      metadata: { user: "tester", datetime: "2026-01-01T00:00:00.000Z", orionVersion: "0", userArgs: [] },
    },
    maxTrials,
    maxBroken: 3,
    workingDir: "",
  };
}

const hash = (value: number): string => String(value).padStart(32, "0");
const objective = (value: number) => [{ name: "o", type: "objective" as const, value }];
const inserted = (value: number) => ({ id: hash(value), params: { "/x": value }, workingDir: "" });
const suggestion = (value: number) => ({ ...inserted(value), basisRevision: 1, attempt: 0 });
