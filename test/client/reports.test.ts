import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { getExperiment } from "../../src/client/get-experiment.js";
import type { CallContext } from "../../src/executors/executor.js";
import { latch, openClientBench } from "./client-bench.js";

const above = (upper: number) => ({ stopping: { threshold: { upper } } });

describe("a trial that was suggested", () => {
  it("keeps its reports, and learns that it should stop and at which step it was", async () => {
    const { create } = openClientBench();
    await using client = await create(above(0.5));
    const trial = await client.suggest();
    await trial.report(1, 0.4);
    expect(trial.shouldStop).toBe(false);
    await trial.report(2, 0.6);
    expect(trial.shouldStop).toBe(true);
    await client.observe(trial, 0.55);
    await trial.report(3, 0.1); // too late
    const [stored] = await client.fetchTrials();
    expect(stored).toMatchObject({ status: "completed", objective: 0.55, stoppedAt: 2 });
    const { reports } = await client.storage.readReports(client.id, 0);
    expect(reports.map(({ step, value }) => [step, value])).toEqual([
      [1, 0.4],
      [2, 0.6],
    ]);
  });

  it("is judged by the reports of others, whichever client has them, in the user's own direction", async () => {
    const { create } = openClientBench();
    await using one = await create({
      stopping: { median: { n_startup_trials: 2 } },
      direction: "maximize",
    });
    await using two = await create();
    for (const client of [one, two]) await (await client.suggest()).report(1, 0.8);
    const [worse, better] = [await one.suggest(), await two.suggest()];
    await worse.report(1, 0.3);
    await better.report(1, 0.9);
    expect([worse.shouldStop, better.shouldStop]).toEqual([true, false]);
  });

  it.each([
    ["a step", Number.NaN, 1, /The step of a report is NaN/],
    ["a value", 1, "0.5", /The value of a report is of type string/],
  ])("refuses %s that is no number", async (_, step, value, message) => {
    const { create } = openClientBench();
    await using client = await create();
    const trial = await client.suggest();
    expect(() => trial.report(step, value as number)).toThrow(message);
  });
});

describe("a function", () => {
  const objective = `
    export const train = async (params, trial, run) => {
      for (let epoch = 1; epoch <= 50; epoch++) {
        await run.report(epoch, trial.number === 1 ? epoch : -epoch);
        if (run.shouldStop) return params.quiet ? undefined : { objective: 42, epoch, aborted: run.signal.aborted };
      }
      return 0;
    };
    export const deaf = async (params, trial, run) => {
      run.report(1, NaN);
      return new Promise(() => setInterval(() => {}, 1000));
    };
    export const wrong = (params, trial, run) => run.report("1", 2);
    export const loud = (params, trial, run) => { for (let step = 1; step <= 100; step++) run.report(step, step / 8); return 7; };
  `;
  const fresh = () => {
    const bench = openClientBench({ ORION_GRACE: "0.05" });
    const path = join(bench.folder, "objective.mjs");
    writeFileSync(path, objective);
    return { ...bench, url: pathToFileURL(path) };
  };

  it.each(["inline", "threads", "processes"])("is stopped by its reports on %s, and goes on else", async (executor) => {
    const { create, url } = fresh();
    await using client = await create({ ...above(3.5), executor, maxTrials: 2 });
    expect(await client.workon(url, { exportName: "train" })).toBe(2);
    const [stopped, whole] = await client.fetchTrials();
    expect(stopped).toMatchObject({ status: "completed", objective: 42, stoppedAt: 4 });
    expect(stopped!.results.slice(1).map(({ value }) => value)).toEqual([4, true]);
    expect(whole).toMatchObject({ status: "completed", objective: 0, stoppedAt: undefined });
    const { reports } = await client.storage.readReports(client.id, 0);
    expect(reports.filter(({ number }) => number === 2)).toHaveLength(50);
  });

  it.each(["inline", "threads", "processes"])(
    "that returns nothing then has its last report on %s",
    async (executor) => {
      const { create, url } = fresh();
      await using client = await create({ ...above(3.5), executor, maxTrials: 1 });
      await client.workon(url, { exportName: "train", constants: { quiet: true } });
      expect(await client.fetchTrials()).toMatchObject([{ status: "completed", objective: 4, stoppedAt: 4 }]);
    },
  );

  it.each(["inline", "threads", "processes"])(
    "that does not listen is ended on %s after its grace",
    async (executor) => {
      const { create, url } = fresh();
      await using client = await create({ ...above(3.5), executor, maxTrials: 1 });
      await client.workon(url, { exportName: "deaf" });
      expect(await client.fetchTrials()).toMatchObject([{ status: "completed", objective: Number.NaN, stoppedAt: 1 }]);
    },
  );

  it.each(["threads", "processes"])(
    "breaks its trial by a wrong report, and need not wait for right ones, on %s",
    async (executor) => {
      const { create, url } = fresh();
      await using client = await create({ executor, maxTrials: 1 });
      await client.workon(url, { exportName: "loud" });
      const { reports } = await client.storage.readReports(client.id, 0);
      expect(reports.map(({ value }) => value)).toEqual(Array.from({ length: 100 }, (_, at) => (at + 1) / 8));
      await using other = await create({ name: "wrong", executor, maxBroken: 1 });
      await expect(other.workon(url, { exportName: "wrong" })).rejects.toMatchObject({ code: "BROKEN" });
      const [broken] = await other.fetchTrials();
      expect(broken!.failure?.reason).toMatch(/The step of a report is of type string/);
    },
  );

  it("of this process is told as well; an interruption is no reason to stop with a result", async () => {
    const { create } = fresh();
    await using client = await create({ ...above(1), maxTrials: 1 });
    const stop = new AbortController();
    const begun = latch<CallContext>();
    const work = client.workon(
      async (_, __, run) => {
        await run.report(1, 0.5);
        begun.open(run);
        await new Promise((end) => run.signal.addEventListener("abort", end));
        run.signal.throwIfAborted();
        return 0;
      },
      { signal: stop.signal },
    );
    const run = await begun.promise;
    stop.abort();
    expect(await work).toBe(0);
    expect(run.shouldStop).toBe(false);
    expect((await client.stats()).counts).toMatchObject({ interrupted: 1 });
    await client.workon(async (_, __, context) => {
      await context.report(1, 2);
      context.signal.throwIfAborted();
      return 0;
    });
    expect(await client.fetchTrials()).toMatchObject([{ status: "completed", objective: 2, stoppedAt: 1 }]);
  });
});

describe("the search of a program", () => {
  it("ends at a limit, until it is raised: workon returns, isDone says so, suggest refuses with the reason", async () => {
    const { create } = openClientBench();
    await using client = await create({ limits: { target: 3 } });
    while (!(await client.isDone())) {
      const trial = await client.suggest();
      await client.observe(trial, 6 - trial.number);
    }
    expect(await client.workon(() => 0)).toBe(0);
    expect((await client.stats()).trialsCompleted).toBe(3);
    expect(await client.isDone()).toBe(true);
    await expect(client.suggest()).rejects.toMatchObject({
      code: "COMPLETED",
      message: expect.stringContaining("the target 3 is reached"),
      remedy: expect.stringContaining("limits"),
    });
    await using more = await create({ limits: { target: 2, patience: 9 } });
    expect(await more.workon(({ x }) => x + 10, { maxTrialsPerWorker: 1 })).toBe(1);
  });

  it("has a limit no more when it is lifted", async () => {
    const { create } = openClientBench();
    await using first = await create({ limits: { target: 3, cost: 100 } });
    const limitsOf = async () => (await first.storage.getExperiment("e"))!.definition.limits;
    await (await create({ limits: { target: "none" } })).close();
    expect(await limitsOf()).toEqual({ cost: 100 });
    await (await create({ limits: { cost: "none", patience: "none" } })).close();
    expect(await limitsOf()).toBeUndefined();
    await (await create({ name: "new", limits: { seconds: "none" } })).close();
    expect((await first.storage.getExperiment("new"))!.definition.limits).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ["an unknown rule", { stopping: "magic" }, /no stopping rule "magic"/],
    ["an option of a rule that is none", { stopping: { median: { steps: 3 } } }, /has no option "steps"/],
    ["an unknown limit", { limits: { budget: 3 } }, /no limit "budget"/],
    ["a limit that cannot be", { limits: { patience: 0 } }, /the option limits\.patience/],
  ])("is not begun with %s", async (_, options, message) => {
    const { create, world, storage } = openClientBench();
    await expect(create(options)).rejects.toThrow(message);
    await expect(getExperiment(world, "e", { storage })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("keeps its rule until another one, or none, is asked for", async () => {
    const { create } = openClientBench();
    await using first = await create({ stopping: "median" });
    const ruleOf = async () => (await first.storage.getExperiment("e"))!.definition.stopping?.name;
    await (await create()).close();
    expect(await ruleOf()).toBe("median");
    await (await create({ stopping: "none" })).close();
    expect(await ruleOf()).toBeUndefined();
  });
});
