import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CompletedExperimentError, StorageError } from "../../src/errors.js";
import { openStorage } from "../../src/storage/registry.js";
import type { LeaseKey, Storage } from "../../src/storage/storage.js";
import { until } from "../orion.js";
import { answeringAfterRenewal } from "../storage/answering-after-renewal.js";
import { openClientBench } from "./client-bench.js";

afterEach(() => void vi.useRealTimers());

describe("asking and telling", () => {
  it("goes on until the budget is used up", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 3 });
    const seen: number[] = [];
    while (!(await client.isDone())) {
      const trial = await client.suggest();
      seen.push(trial.number);
      expect(await client.observe(trial, { objective: trial.params.x, seconds: 2 })).toBe("completed");
    }
    expect(seen).toEqual([1, 2, 3]);
    await expect(client.suggest()).rejects.toMatchObject({ code: "COMPLETED" });
    expect((await client.fetchTrials())[0]!.results).toEqual([
      { name: "objective", type: "objective", value: expect.any(Number) },
      { name: "seconds", type: "statistic", value: 2 },
    ]);
  });

  it("says which experiment somebody removed", async () => {
    const { create } = openClientBench();
    await using client = await create();
    await client.storage.removeExperiments([client.id]);
    const gone = { code: "NOT_FOUND", message: expect.stringContaining(`Experiment "${client.name}" version 1`) };
    await expect(client.suggest()).rejects.toMatchObject(gone);
    await expect(client.fetchTrials()).rejects.toMatchObject(gone);
  });

  it("says when the algorithm has nothing left, though its budget is not used up", async () => {
    const { create } = openClientBench();
    await using client = await create({ algorithm: { gridsearch: { n_values: 2 } } });
    for (const value of [1, 2]) await client.observe(await client.suggest(), value);
    expect(await client.isDone()).toBe(false);
    await expect(client.suggest()).rejects.toThrow(/has nothing left to suggest/);
    expect(await client.stats()).toMatchObject({
      isDone: true,
      trialsCompleted: 2,
      maxTrials: Infinity,
      etaSeconds: 0,
    });
  });

  it("has something left where a trial is given back while it looks whether anybody is at work", async () => {
    const { create } = openClientBench();
    let giveBack = async () => {};
    await using storage = await watched((memory) => ({
      listOwners: async (experimentId) => {
        await giveBack();
        return memory.listOwners(experimentId);
      },
    }));
    const space = { x: "choices([1, 2])" };
    await using other = await create({ storage, space });
    await using client = await create({ storage, space });
    const theirs = await other.suggest();
    await client.observe(await client.suggest(), 1);
    giveBack = async () => void (await storage.releaseTrial(theirs, "interrupted"));
    expect((await client.suggest()).id).toBe(theirs.id);
  });

  it("ends the loop of the documentation when the algorithm has nothing left", async () => {
    const { create } = openClientBench();
    await using client = await create({ algorithm: { gridsearch: { n_values: 2 } } });
    const loop = async () => {
      for (;;) {
        const trial = await client.suggest();
        await client.observe(trial, trial.params.x);
      }
    };
    await expect(loop()).rejects.toBeInstanceOf(CompletedExperimentError);
    expect(await client.stats()).toMatchObject({ isDone: true, trialsCompleted: 2, trialCount: 2 });
  });

  it("waits for what others may still lose or report, and says so when they do not", async () => {
    const { create } = openClientBench();
    await using mine = await create({ maxTrials: 1 });
    await using other = await create();
    const trial = await other.suggest();
    await expect(mine.suggest({ timeout: 0 })).rejects.toMatchObject({
      code: "WAITING_FOR_TRIALS",
      message: expect.stringContaining("is being evaluated."),
    });
    await expect(other.suggest({ timeout: 0 })).rejects.toThrow(/is being evaluated, one trial by this client/);
    const waiting = mine.suggest();
    await other.release(trial);
    expect((await waiting).id).toBe(trial.id);
  });

  it("stops waiting when it is told to, or the client closes", async () => {
    const { create } = openClientBench();
    await using mine = await create({ maxTrials: 1 });
    await using other = await create();
    await other.suggest();
    const stop = new AbortController();
    const waiting = mine.suggest({ signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const forever = expect(mine.suggest()).rejects.toThrow("The client was closed");
    await mine.close();
    await forever;
  });

  it("lets any number of loops wait for a trial, and Node sees no leak in that", async () => {
    const { create } = openClientBench();
    await using client = await create({ algorithm: "random" });
    const leaks: Error[] = [];
    const listen = (warning: Error) => void (warning.name === "MaxListenersExceededWarning" && leaks.push(warning));
    process.on("warning", listen);
    const trials = await Promise.all(Array.from({ length: 20 }, () => client.suggest()));
    await turn(); // warnings come behind
    process.off("warning", listen);
    expect([new Set(trials.map(({ number }) => number)).size, leaks]).toEqual([20, []]);
  });

  it("ends when too many trials are broken", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxBroken: 2 });
    for (const reason of ["no memory", "no disk"]) await client.release(await client.suggest(), "broken", { reason });
    await expect(client.suggest()).rejects.toMatchObject({ code: "BROKEN" });
    expect(await client.isBroken()).toBe(true);
    const broken = await client.fetchTrialsByStatus("broken");
    expect(broken.map(({ failure }) => failure?.reason)).toEqual(["no memory", "no disk"]);
  });

  it.each([
    ["a text", "0.5", /the text "0.5"/],
    ["nothing", undefined, /is nothing/],
    ["NaN", Number.NaN, /is NaN as its objective/],
    ["a list without objective", [{ type: "statistic", value: 1 }], /has no objective/],
    ["an objective that is no number", { objective: "1" }, /the objective "1", which is not a number/],
    ["a bigint", 1n, /cannot be stored/],
  ])("refuses %s as a result, and the trial stays reserved", async (_, result, message) => {
    const { create } = openClientBench();
    await using client = await create();
    const trial = await client.suggest();
    await expect(client.observe(trial, result as never)).rejects.toMatchObject({
      code: "INVALID_RESULT",
      message: expect.stringMatching(message),
    });
    expect(await client.getTrial(trial)).toMatchObject({ status: "reserved" });
    expect(await client.observe(trial.id, 1)).toBe("completed");
  });

  it("refuses a trial that is not in the client's hands, and says why", async () => {
    const { create } = openClientBench();
    await using client = await create();
    await using other = await create();
    const trial = await client.suggest();
    await expect(other.observe(trial, 1)).rejects.toMatchObject({
      code: "NOT_RESERVED",
      message: expect.stringContaining("it is reserved"),
    });
    await expect(client.observe("0".repeat(32), 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await client.release(trial);
    await expect(client.release(trial)).rejects.toMatchObject({ code: "ALREADY_RELEASED" });
    await expect(client.observe(trial, 1)).rejects.toMatchObject({ code: "ALREADY_RELEASED" });
  });

  it.each([
    ["bogus", /'bogus'/],
    ["completed", /'completed'/],
    ["reserved", /'reserved'/],
    ["new", /'new'/],
    [5, /as 5/],
    ["toString", /toString/],
  ])("refuses to release a trial as %j, and the trial stays reserved", async (status, message) => {
    const { create } = openClientBench();
    await using client = await create();
    const trial = await client.suggest();
    await expect(client.release(trial, status as never)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(message),
      remedy: expect.stringContaining("interrupted, suspended, broken"),
    });
    expect(await client.getTrial(trial)).toMatchObject({ status: "reserved" });
    await expect(client.release(trial, "broken", { reason: 5 as never })).rejects.toThrow(/reason .* is 5/);
    await client.release(trial, "suspended");
  });

  it("refuses what is no trial, no parameters and no option", async () => {
    const { create } = openClientBench();
    await using client = await create();
    const usage = { code: "USAGE" };
    for (const trial of [undefined, null, 5, {}] as never[]) {
      await expect(client.observe(trial, 1)).rejects.toMatchObject(usage);
      await expect(client.getTrial(trial)).rejects.toMatchObject(usage);
    }
    for (const params of [null, 5, [0.5]] as never[]) await expect(client.insert(params)).rejects.toMatchObject(usage);
    await expect(client.insert({ x: 0.5 }, { result: 1 } as never)).rejects.toThrow(/no option "result" of insert/);
    await expect(client.suggest({ timeOut: 1, time: 2 } as never)).rejects.toMatchObject({
      ...usage,
      remedy: 'Did you mean "timeout"?',
    });
    for (const timeout of [Number.NaN, -1, "5"] as never[]) {
      await expect(client.suggest({ timeout })).rejects.toMatchObject({
        ...usage,
        message: expect.stringContaining("timeout of suggest"),
      });
    }
    await expect(client.suggest({ signal: "now" } as never)).rejects.toMatchObject({
      ...usage,
      message: "The option signal of suggest() is 'now'.",
    });
    await expect(client.insert({ x: 0.5 }, { reserve: "yes" } as never)).rejects.toThrow(/option reserve of insert/);
    await expect(client.release("0".repeat(32), "broken", "no memory" as never)).rejects.toThrow(
      /options of release\(\) are 'no memory'/,
    );
    for (const status of ["complete", ["completed"]] as never[]) {
      await expect(client.fetchTrialsByStatus("new", status)).rejects.toMatchObject({
        ...usage,
        remedy: expect.stringContaining("new, reserved, suspended, completed, interrupted, broken"),
      });
    }
    await expect(client.workon(() => 1, { max_trials: 1 } as never)).rejects.toMatchObject({
      ...usage,
      remedy: 'Did you mean "maxTrials"?',
    });
    await expect(client.workon(() => 1, { executor: {} as never })).rejects.toMatchObject(usage);
    expect(await client.fetchTrials()).toEqual([]);
  });

  it("takes the very trial that is asked for", async () => {
    const { create } = openClientBench();
    await using client = await create();
    await using other = await create();
    await client.insert({ x: 0.25 });
    const wanted = await client.insert({ x: 0.75 });
    const trial = await client.reserve(wanted);
    expect(trial.params).toEqual({ x: 0.75 });
    expect(await client.reserve(wanted.id)).toBe(trial);
    await expect(other.reserve(wanted)).rejects.toMatchObject({ code: "NOT_RESERVED" });
    await client.observe(trial, 1);
    await expect(client.reserve(wanted)).rejects.toThrow(/cannot be reserved: it is completed/);
    await expect(client.reserve("0".repeat(32))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("takes no trial for which the budget has no room, and says so", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 1 });
    const first = await client.reserve(await client.insert({ x: 0.25 }));
    const second = await client.insert({ x: 0.75 });
    await expect(client.reserve(second)).rejects.toMatchObject({
      code: "NOT_RESERVED",
      message: `Trial ${second.id} cannot be reserved: the rest of the budget is being evaluated.`,
    });
    await client.release(first, "broken");
    expect((await client.reserve(second)).id).toBe(second.id);
  });

  it("gives a trial that is asked for twice at the same moment to both", async () => {
    const { create } = openClientBench();
    await using client = await create();
    const wanted = await client.insert({ x: 0.25 });
    const [one, two] = await Promise.all([client.reserve(wanted), client.reserve(wanted.id)]);
    expect(two).toBe(one);
    await client.release(one);
    const again = await client.reserve(wanted);
    expect(again).not.toBe(one);
    expect(again.epoch).toBe(2);
  });

  it("inserts trials with defaults, with results, or into the client's hands", async () => {
    const { create } = openClientBench();
    await using client = await create({
      space: { x: "uniform(0, 1)", n: "uniform(1, 9, discrete=True, default_value=3)" },
    });
    expect(await client.insert({ x: 0.5 })).toMatchObject({ status: "new", params: { x: 0.5, n: 3 } });
    expect(await client.insert({ x: 0.5, n: 4 }, { results: 7 })).toMatchObject({ status: "completed", objective: 7 });
    const mine = await client.insert({ x: 0.5, n: 5 }, { reserve: true });
    expect(await client.observe(mine, 8)).toBe("completed");
    await expect(client.insert({ x: 0.5 })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(client.insert({ x: 5 })).rejects.toThrow(/outside of dimension "x"/);
    await expect(client.insert({})).rejects.toThrow(/"x" has no value and no default/);
    await expect(client.insert({ y: 1 } as never)).rejects.toThrow(/no dimension "y"/);
    await expect(client.insert({ x: 0.1 }, { results: Number.NaN })).rejects.toMatchObject({ code: "INVALID_RESULT" });
    const both = { results: 1, reserve: true } as never;
    await expect(client.insert({ x: 0.1 }, both)).rejects.toMatchObject({ code: "USAGE" });
    expect(await client.fetchTrials()).toHaveLength(3);
  });
});

it("takes what it inserts though others look for a trial at the same moment", async () => {
  const { create } = openClientBench();
  await using client = await create({ maxTrials: 100 });
  await using other = await create({ maxTrials: 100 });
  const values = Array.from({ length: 10 }, (_, index) => (index + 1) / 16);
  const inserting = values.map((x) => client.insert({ x }, { reserve: true }));
  const suggested = await Promise.all(values.map(() => other.suggest()));
  const mine = await Promise.all(inserting);
  expect(mine.map(({ params }) => params.x)).toEqual(values);
  expect(suggested.filter(({ params }) => values.includes(params.x))).toEqual([]);
  for (const trial of mine) expect(await client.observe(trial, 1)).toBe("completed");
});

describe("a trial in a client's hands", () => {
  it("is released as interrupted when the client closes or its block ends, if it was forgotten", async () => {
    const { create, storage: url } = openClientBench();
    await using storage = await openStorage(url);
    const client = await create();
    const [forgotten, observed] = [await client.suggest(), await client.suggest()];
    await client.observe(observed, 1);
    {
      await using inBlock = await client.suggest();
      await using done = await client.suggest();
      await client.observe(done, 2);
      expect(inBlock.status).toBe("reserved");
    }
    const statuses = async () => (await storage.listTrials(client.id)).map(({ status }) => status);
    expect(await statuses()).toEqual(["reserved", "completed", "interrupted", "completed"]);
    void client.close();
    await client.close();
    expect(await statuses()).toEqual(["interrupted", "completed", "interrupted", "completed"]);
    await expect(client.observe(forgotten, 1)).rejects.toThrow("observe() was called after the client was closed");
  });

  it("keeps its lease, by one statement for all of them, until it is given back", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { create } = openClientBench();
    const beats: number[][] = [];
    let renewedCount = 0;
    await using storage = await watched((memory) => ({
      renewLeases: async (worker, leases, leaseMs) => {
        beats.push(leases.map(({ number }) => number));
        const lost = await memory.renewLeases(worker, leases, leaseMs);
        renewedCount++;
        return lost;
      },
    }));
    await using client = await create({ storage, heartbeat: 3 });
    const [first] = [await client.suggest(), await client.suggest()];
    const beat = async (count: number) => {
      await vi.advanceTimersByTimeAsync(1000);
      await until(() => beats.length === count && renewedCount === count);
    };
    await beat(1);
    await client.observe(first, 1);
    await beat(2);
    await beat(3);
    expect(beats).toEqual([[1, 2], [2], [2]]);
  });

  it("is not called lost when its lease is renewed while it is being observed", async () => {
    const { create } = openClientBench();
    const memory = await openStorage("memory:");
    const storage = { ...memory, ...answeringAfterRenewal(memory) };
    await using client = await create({ storage, heartbeat: 1 });
    const trial = await client.suggest();
    expect(await client.observe(trial, 1)).toBe("completed");
    expect(trial.signal.aborted).toBe(false);
  });

  it("may be observed late: its result completes it, or is kept beside that of whoever was first", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { create } = openClientBench();
    await using storage = await watched((memory) => ({
      // The database forgets the first lease: a machine slept too long.
      renewLeases: async (_worker, leases: readonly LeaseKey[]) => {
        for (const lease of leases) await memory.releaseTrial(lease, "interrupted");
        return leases;
      },
    }));
    await using client = await create({ storage, heartbeat: 3 });
    await using other = await create({ storage });
    const [first, second] = [await client.suggest(), await client.suggest()];
    expect(first.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    await until(() => first.signal.aborted && second.signal.aborted);
    await other.observe(await other.reserve(first), 1);
    expect(await client.observe(first, 2)).toBe("kept");
    expect(await client.observe(second, 3)).toBe("completed");
    expect(await client.getTrial(first)).toMatchObject({ objective: 1, lateResults: [[{ value: 2 }]] });
    const third = await client.suggest();
    await vi.advanceTimersByTimeAsync(1000);
    await until(() => third.signal.aborted);
    await expect(client.release(third)).resolves.toBeUndefined(); // nobody else has it: interrupted it is
    const taken = await client.suggest();
    const atEnd = await client.suggest();
    for (const lost of [taken, atEnd]) await storage.setStatus(client.id, { ids: [lost.id] }, "suspended");
    await expect(client.release(taken)).rejects.toMatchObject({ code: "NOT_RESERVED" });
    await expect(atEnd[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it("has the results that it was observed with, whatever the program does with them before they are stored", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 1 });
    const curve = [3, 2];
    const trial = await client.suggest();
    const observed = client.observe(trial, { objective: 2, curve });
    curve.length = 0; // for the next one
    expect(await observed).toBe("completed");
    expect((await client.getTrial(trial))?.results[1]).toEqual({ name: "curve", type: "statistic", value: [3, 2] });
  });

  it("keeps its result in a file while the database is away, and hands it in later", async () => {
    const { create, warnings } = openClientBench();
    let isAway = true;
    await using storage = await watched((memory) => ({
      finishTrial: async (lease, results) => {
        if (isAway) throw new StorageError("The database is away.");
        return memory.finishTrial(lease, results);
      },
    }));
    const client = await create({ storage });
    const trial = await client.suggest();
    expect(await client.observe(trial, 5)).toBe("spooled");
    expect(warnings).toEqual(["The database is away.", expect.stringMatching(/are kept in .*\.result\.json/)]);
    isAway = false;
    await client.close();
    await using next = await create({ storage });
    expect(await next.getTrial(trial)).toMatchObject({ status: "completed", objective: 5 });
  });

  it("keeps its result in a file when the program closed the storage too early, and every call says so", async () => {
    const { create, storage: url } = openClientBench();
    const storage = await openStorage(url);
    const client = await create({ storage, algorithm: "random" });
    const [trial, forgotten] = [await client.suggest(), await client.suggest()];
    await storage.close();
    const closed = { code: "STORAGE", message: expect.stringContaining("was closed by this program") };
    await expect(client.stats()).rejects.toMatchObject(closed);
    await expect(client.suggest()).rejects.toMatchObject(closed);
    await expect(client.workon(() => 1)).rejects.toMatchObject(closed);
    expect(await client.observe(trial, 7)).toBe("spooled");
    await client.close();
    await using next = await create();
    expect(await next.getTrial(trial)).toMatchObject({ status: "completed", objective: 7 });
    expect(await next.getTrial(forgotten)).toMatchObject({ status: "reserved" }); // until its lease runs out
  });

  it("has a directory that is made when it is asked for, goes when it completes, and stays to be resumed", async () => {
    const { create, folder } = openClientBench();
    await using client = await create();
    const resumed = await client.suggest();
    writeFileSync(join(resumed.workingDir, "state.txt"), "half");
    await client.release(resumed);
    const again = await client.suggest();
    expect(again.id).toBe(resumed.id);
    expect(readFileSync(join(again.workingDir, "state.txt"), "utf8")).toBe("half");
    await client.observe(again, 1);
    expect(existsSync(again.workingDir)).toBe(false);

    const plain = await client.suggest();
    const { workingDir } = (await client.getTrial(plain))!;
    expect(workingDir.startsWith(join(folder, "home/.cache/orion/e-v1-"))).toBe(true);
    expect(existsSync(workingDir)).toBe(false);
    await client.observe(plain, 1);

    await using kept = await create({ name: "kept", workingDir: "runs" });
    const stays = await kept.suggest();
    expect(stays.workingDir).toBe(join(folder, "runs", stays.id));
    await kept.observe(stays, 1);
    expect(existsSync(stays.workingDir)).toBe(true);

    await using atHome = await create({ name: "home", workingDir: "~/runs" });
    const { workingDir: below, id } = await atHome.suggest();
    expect(below).toBe(join(folder, "home/runs", id));
  });
});

describe("two clients on one database", () => {
  it("share a budget exactly, and take no trial twice", async () => {
    const { create } = openClientBench();
    await using one = await create({ maxTrials: 20 });
    await using two = await create();
    const loop = async (client: typeof one) => {
      const numbers: number[] = [];
      try {
        for (;;) {
          const trial = await client.suggest();
          await client.observe(trial, trial.params.x);
          numbers.push(trial.number);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: "COMPLETED" });
        return numbers;
      }
    };
    const numbers = (await Promise.all([loop(one), loop(one), loop(two), loop(two)])).flat();
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect((await one.stats()).counts.completed).toBe(20);
  });
});

/** A storage in memory with some operations of its own. */
async function watched(change: (memory: Storage) => Partial<Storage>): Promise<Storage> {
  const memory = await openStorage("memory:");
  return { ...memory, ...change(memory) };
}
