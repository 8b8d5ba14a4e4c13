import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import type { WorkonOptions } from "../../src/client/objective.js";
import { workOnce } from "../../src/client/work-once.js";
import type { ExecutorModule } from "../../src/executors/executor.js";
import inlineModule, { openInline } from "../../src/executors/inline.js";
import { temporaryFolder } from "../temporary-folder.js";
import { latch, openClientBench } from "./client-bench.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("work on a function", () => {
  it("evaluates every trial of the budget once, several at a time, and says how many", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 6 });
    let begun = 0;
    const three = latch();
    const completed = await client.workon(
      async ({ x }) => {
        if (++begun === 3) three.open();
        await three.promise; // in vain, unless three run at the same time
        return (x - 0.5) ** 2;
      },
      { nWorkers: 3 },
    );
    expect([completed, begun]).toEqual([6, 6]);
    const trials = await client.fetchTrials();
    expect(trials.map(({ objective }) => objective)).toEqual(trials.map(({ params }) => (params.x - 0.5) ** 2));
    expect(await client.workon(() => 0)).toBe(0);
  });

  it("tells the function its trial and the constants", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 1, algorithm: "random" });
    const told: unknown[] = [];
    await client.workon(
      (params, { workingDir, ...trial }, { signal }) => {
        told.push(params, trial, signal.aborted, existsSync(workingDir));
        return { objective: 1, size: params.data.length };
      },
      { constants: { data: [1, 2, 3] } },
    );
    const [trial] = await client.fetchTrials();
    expect(told).toEqual([
      { x: trial!.params.x, data: [1, 2, 3] },
      { id: trial!.id, number: 1, parent: null, facts: {}, experiment: { name: "e", version: 1 } },
      false,
      true,
    ]);
    expect(trial!.results[1]).toEqual({ name: "size", type: "statistic", value: 3 });
    expect(existsSync(trial!.workingDir)).toBe(false); // completed
  });

  it.each<[string, () => unknown, RegExp]>([
    ["returns nothing", () => undefined, /The function returned nothing\. A number is wanted/],
    ["returns a text", () => "0.5", /returned the text "0\.5"/],
    ["returns NaN", () => Number.NaN, /returned NaN as its objective, .* it may be Infinity/],
    ["returns NaN in a list", () => [{ type: "objective", value: Number.NaN }], /NaN as its objective/],
    [
      "returns an object without objective",
      () => ({ loss: 1 }),
      /returned \{"loss":1\}, in which there is no objective/,
    ],
    ["returns a list without objective", () => [], /a list that has no objective/],
    ["returns what JSON cannot hold", () => ({ objective: 1, big: 1n }), /cannot be stored: .*BigInt/],
    [
      "returns what throws no Error when it is written",
      () => ({
        objective: 1,
        toJSON: () => {
          throw null;
        },
      }),
      /cannot be stored: null\.$/,
    ],
    [
      "throws",
      () => {
        throw new RangeError("too hot");
      },
      /^RangeError: too hot$/,
    ],
    [
      "rejects",
      async () => {
        throw new Error("later");
      },
      /^Error: later$/,
    ],
    [
      "throws what is no Error",
      () => {
        throw "oops";
      },
      /threw oops \(a value of type string\) instead of an Error/,
    ],
    [
      "throws an object",
      () => {
        throw Object.assign(Object.create(null), { code: 3 });
      },
      /threw \[Object: null prototype\] \{ code: 3 \} \(a value of type object\) instead of an Error/,
    ],
    [
      "throws an Error of another realm",
      () => {
        throw runInNewContext("new RangeError('too hot')");
      },
      /^RangeError: too hot$/,
    ],
    [
      "throws an Error whose members are none",
      () => {
        throw Object.assign(new Error(), { message: { code: 3 }, stack: ["frame"] });
      },
      /^Error: \{ code: 3 \}$/,
    ],
  ])("breaks the trial of a function that %s, with the reason, and goes on", async (name, fail, reason) => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 2 });
    const completed = await client.workon((_, { number }) => (number === 1 ? (fail() as number) : number));
    expect(completed).toBe(2);
    const [broken] = await client.fetchTrialsByStatus("broken");
    expect(broken!.failure?.reason).toMatch(reason);
    if (/^(throws|rejects)$/.test(name)) expect(broken!.failure?.stack).toContain("workon.test.ts");
  });

  it("keeps of what a function returned what JSON has of it, as on every executor", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 1 });
    const odd = {
      at: new Date(0),
      model: () => 1,
      none: undefined,
      gone: { toJSON: () => undefined },
      worst: Infinity,
    };
    await client.workon(({ x }) => ({ objective: x, ...odd }));
    const [trial] = await client.fetchTrials();
    expect(trial!.results.slice(1)).toEqual([
      { name: "at", type: "statistic", value: "1970-01-01T00:00:00.000Z" },
      { name: "worst", type: "statistic", value: Infinity },
    ]);
  });

  it("stores infinite objectives, which are never the best", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 3 });
    const values = [Infinity, -Infinity, 3];
    expect(await client.workon((_, { number }) => values[number - 1]!)).toBe(3);
    expect((await client.fetchTrials()).map(({ objective }) => objective)).toEqual(values);
    expect((await client.stats()).best?.objective).toBe(3);
  });

  it("gives up at its own limit of broken trials, and at that of the experiment", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxBroken: 3 });
    const fail = (): number => {
      throw new Error("no");
    };
    await expect(client.workon(fail, { maxBroken: 2 })).rejects.toMatchObject({
      code: "BROKEN",
      message: expect.stringContaining("2 of its trials failed here (maxBroken). The last one: Error: no"),
      cause: { stack: expect.stringContaining("workon.test.ts") },
    });
    await expect(client.workon(fail, { maxBroken: 9 })).rejects.toMatchObject({
      code: "BROKEN",
      message: expect.stringContaining("too many of its trials failed. The last one: Error: no"),
    });
    expect(await client.isBroken()).toBe(true);
    await expect(client.workon(() => 1)).rejects.toMatchObject({ code: "BROKEN" });
  });

  it("tells the caller of each broken trial, and stops when the caller throws or rejects", async () => {
    const fail = (): number => {
      throw new Error("no");
    };
    const reports: unknown[] = [];
    const first = openClientBench();
    await using client = await first.create({ maxBroken: 2 });
    const onError = (report: unknown) => void reports.push(report);
    await expect(client.workon(fail, { onError })).rejects.toMatchObject({ code: "BROKEN" });
    expect(reports).toMatchObject([
      { reason: "Error: no", brokenCount: 1, trial: { number: 1, params: { x: expect.any(Number) } } },
      { reason: "Error: no", brokenCount: 2, stack: expect.stringContaining("workon.test.ts") },
    ]);
    const stops: WorkonOptions<object>["onError"][] = [
      () => {
        throw new Error("stop here");
      },
      () => Promise.reject(new Error("stop here")),
    ];
    for (const stop of stops) {
      const { create } = openClientBench();
      await using other = await create();
      await expect(other.workon(fail, { onError: stop! })).rejects.toThrow("stop here");
      expect((await other.stats()).counts).toMatchObject({ broken: 1, reserved: 0 });
    }
  });

  it("tells the caller of each result, and stops when the caller throws or rejects", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 9, direction: "maximize" });
    const told: unknown[] = [];
    await client.workon(({ x }) => ({ objective: x, note: "seen" }), {
      maxTrialsPerWorker: 2,
      onCompleted: (report) => void told.push(report),
    });
    const [first, second] = await client.fetchTrials();
    expect(told).toEqual(
      [first!, second!].map(({ id, number, params, objective, results }, at) => ({
        trial: { id, number, params },
        ...{ objective, results, stoppedAt: undefined, completedCount: at + 1 },
      })),
    );
    for (const stop of ["throws", "rejects"]) {
      const work = client.workon(() => 1, {
        onCompleted: () => {
          if (stop === "throws") throw new Error("enough");
          return Promise.reject(new Error("enough"));
        },
      });
      await expect(work).rejects.toThrow("enough");
    }
    expect((await client.stats()).counts).toMatchObject({ completed: 4, reserved: 0 });
  });

  it("keeps to the limits of the call, whoever completes trials, and leaves the experiment's alone", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 10 });
    await client.observe(await client.suggest(), 1);
    expect(await client.workon(() => 1, { maxTrials: 3 })).toBe(2);
    expect(await client.workon(() => 1, { maxTrialsPerWorker: 4, nWorkers: 3 })).toBe(4);
    expect(await client.stats()).toMatchObject({ trialsCompleted: 7, maxTrials: 10, isDone: false });
    expect(await client.workon(() => 1, { maxTrials: 99 })).toBe(3);
  });

  it("stops in order when it is told to, and when the client closes; what ran is resumed", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 3 });
    const stop = new AbortController();
    const untilStopped =
      (begin: () => void) =>
      async (_: unknown, __: unknown, { signal }: { signal: AbortSignal }) => {
        const stopped = new Promise<number>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        });
        begin();
        return stopped;
      };
    expect(
      await client.workon(
        untilStopped(() => stop.abort()),
        { signal: stop.signal },
      ),
    ).toBe(0);
    expect(await client.fetchTrialsByStatus("interrupted")).toHaveLength(1);
    const other = await create();
    const begun = latch();
    const work = other.workon(untilStopped(begun.open));
    await begun.promise;
    await other.close();
    expect(await work).toBe(0);
    expect((await client.stats()).counts).toMatchObject({ interrupted: 1, reserved: 0, broken: 0 });
    expect(await client.workon(() => 1)).toBe(3);
  });

  it("stops a function that closes the client, or aborts its own call, before it waits for anything", async () => {
    const { create } = openClientBench({ ORION_GRACE: "0.01" });
    const client = await create();
    const stop = new AbortController();
    const abortAndHang = () => {
      stop.abort();
      return new Promise<number>(() => {});
    };
    expect(await client.workon(abortAndHang, { signal: stop.signal })).toBe(0);
    expect(await client.workon(() => client.close().then(() => 1))).toBe(0);
  });

  it.each(["onCompleted", "onError"] as const)("ends when %s closes the client", async (listener) => {
    const { create } = openClientBench();
    const client = await create();
    const objective = () => (listener === "onCompleted" ? 1 : Number.NaN);
    const ended = await client.workon(objective, { [listener]: () => client.close() });
    expect(ended).toBeLessThan(3); // one more may have run while it closed
    await expect(client.stats()).rejects.toThrow("after the client was closed");
  });

  it.each([
    ["abandons a function that never ends after its grace", "0.2", "() => new Promise(() => {})"],
    [
      "holds nobody up for the grace of one that ends when it is told to",
      "100000",
      "(_, __, { signal }) => new Promise((end) => signal.addEventListener('abort', () => end(1)))",
    ],
  ])("%s, in a program that has nothing else to do", async (_, grace, objective) => {
    const folder = temporaryFolder();
    const index = pathToFileURL(resolve(import.meta.dirname, "../../dist/index.js"));
    writeFileSync(
      join(folder, "program.mjs"),
      `import { createExperiment } from ${JSON.stringify(index)};
      const client = await createExperiment({ name: "e", space: { x: "uniform(0, 1)" }, storage: "memory:" });
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      await client.workon(${objective}, { signal: stop.signal });
      console.log((await client.stats()).counts.reserved);
      await client.close();`,
    );
    const env = { PATH: process.env.PATH, HOME: folder, ORION_GRACE: grace };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["program.mjs"], { cwd: folder, env });
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
  });

  it.each(["inline", "threads", "processes"])("lets a program end that forgot to close, on %s", async (executor) => {
    const folder = temporaryFolder();
    const index = pathToFileURL(resolve(import.meta.dirname, "../../dist/index.js"));
    writeFileSync(join(folder, "objective.mjs"), "export default ({ x }) => x;");
    writeFileSync(
      join(folder, "program.mjs"),
      `import { createExperiment } from ${JSON.stringify(index)};
      const what = { name: "e", space: { x: "uniform(0, 1)" }, maxTrials: 4, storage: "memory:" };
      const client = await createExperiment({ ...what, executor: "${executor}" });
      console.log(await client.workon(new URL("objective.mjs", import.meta.url), { nWorkers: 2 }));`,
    );
    const env = { PATH: process.env.PATH, HOME: folder };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["program.mjs"], { cwd: folder, env });
    expect({ stdout, stderr }).toEqual({ stdout: "4\n", stderr: "" });
  });

  it("says in a bundle that it has to be left out of it", async () => {
    const folder = temporaryFolder();
    const index = resolve(import.meta.dirname, "../../dist/index.js");
    const contents = `import { workon } from ${JSON.stringify(index)};
      workon("some-package", { space: { x: "uniform(0, 1)" }, maxTrials: 1, executor: "processes" });`;
    await build({
      ...{ stdin: { contents, resolveDir: folder }, outfile: join(folder, "program.mjs"), logLevel: "silent" },
      ...{ bundle: true, platform: "node", format: "esm" },
    });
    const env = { PATH: process.env.PATH, HOME: folder };
    // whether its SQLite or its processes fail first is a matter of the version of Node
    const failed = promisify(execFile)(process.execPath, ["program.mjs"], { cwd: folder, env });
    await expect(failed).rejects.toMatchObject({
      stderr: expect.stringContaining("leave orion-hpo out of the bundle"),
    });
  });

  it("goes on in the directory of a trial that was interrupted, which is removed at its end", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 1 });
    const stop = new AbortController();
    await client.workon(
      (_, { workingDir }) => {
        writeFileSync(join(workingDir, "step"), "5");
        stop.abort();
        throw new Error("stopped");
      },
      { signal: stop.signal },
    );
    let seen: string | undefined;
    await client.workon((_, { workingDir }) => {
      seen = readFileSync(join(workingDir, "step"), "utf8");
      return 1;
    });
    expect(seen).toBe("5");
    expect(existsSync((await client.fetchTrials())[0]!.workingDir)).toBe(false);
  });

  it("keeps nothing of a broken trial in memory, though its directory stays", async () => {
    const { create } = openClientBench();
    await using client = await create({ algorithm: "random", maxBroken: 20 });
    const facts: WeakRef<object>[] = [];
    const left: number[] = [];
    await client
      .workon(
        (_, trial) => {
          facts.push(new WeakRef(trial.facts));
          throw new Error(trial.workingDir);
        },
        {
          maxBroken: 20,
          onError: async ({ brokenCount }) => {
            if (brokenCount < 20) return;
            await pause(0); // what is held until the end of a turn of the event loop
            collectGarbage();
            left.push(facts.filter((one) => one.deref() !== undefined).length);
          },
        },
      )
      .catch(() => {});
    expect(facts).toHaveLength(20);
    expect(left[0]).toBeLessThan(10);
  });

  it("ends when the directory that it asks for cannot be made, and breaks no trial", async () => {
    const { create, folder } = openClientBench();
    writeFileSync(join(folder, "file"), "");
    await using client = await create({ workingDir: join(folder, "file"), maxTrials: 2 });
    const work = client.workon((_, trial) => trial.workingDir.length);
    await expect(work).rejects.toMatchObject({
      code: "EVALUATION",
      message: expect.stringContaining("file/"),
      remedy: expect.stringMatching(/the option workingDir\.$/),
    });
    expect((await client.stats()).counts).toMatchObject({ interrupted: 1, broken: 0, reserved: 0 });
  });

  it("may do without the directory that cannot be made", async () => {
    const { create, folder } = openClientBench();
    writeFileSync(join(folder, "file"), "");
    await using client = await create({ workingDir: join(folder, "file"), maxTrials: 2 });
    const completed = await client.workon((_, trial) => {
      expect(() => trial.workingDir).toThrow(/cannot be prepared/);
      return 1;
    });
    expect(completed).toBe(2);
  });

  it("is shared by two clients without a trial too many", async () => {
    const { create } = openClientBench();
    await using one = await create({ maxTrials: 15 });
    await using two = await create();
    const counts = await Promise.all([one.workon(({ x }) => x, { nWorkers: 2 }), two.workon(({ x }) => x)]);
    expect(counts[0]! + counts[1]!).toBe(15);
    expect(await one.fetchTrials()).toHaveLength(15);
  });

  it.each<[string, unknown, object, RegExp]>([
    [
      "a constant with the name of a parameter",
      () => 1,
      { constants: { x: 2 } },
      /constant "x" has the name of a dimension/,
    ],
    ["an unknown executor", () => 1, { executor: "magic" }, /no executor "magic"/],
    ["no function", 5, {}, /is of type number/],
    ["a path", "./objective.js", {}, /The path "\.\/objective\.js" does not name a module/],
    ["no workers", () => 1, { nWorkers: 0 }, /the option nWorkers/],
    ["a limit that is none", () => 1, { maxTrialsPerWorker: -1 }, /the option maxTrialsPerWorker/],
    ["a number as a text", () => 1, { nWorkers: "4" }, /not "4" \(the option nWorkers\)/],
    ["constants that are a number", () => 1, { constants: 3 }, /option constants of workon\(\) is 3/],
    ["constants that are a list", () => 1, { constants: [3] }, /option constants of workon\(\) is \[ 3 \]/],
    ["a listener that is no function", () => 1, { onCompleted: "x" }, /option onCompleted of workon\(\) is 'x'/],
    ["no listener of errors", () => 1, { onError: null }, /option onError of workon\(\) is null/],
    ["a signal that is none", () => 1, { signal: {} }, /option signal of workon\(\) is \{\}/],
    ["a name of an export that is none", new URL("file:///a.js"), { exportName: 3 }, /option exportName .* is 3/],
    [
      "a constant that cannot be sent to a module",
      new URL("file:///a.js"),
      { constants: { size: 1n } },
      /constant "size" cannot be sent to the module: Do not know how to serialize a BigInt/,
    ],
    [
      "a function as a constant of a module",
      new URL("file:///a.js"),
      { constants: { data: [1], loss: Math.abs } },
      /constant "loss" cannot be sent to the module/,
    ],
  ])("refuses %s before any trial is taken", async (_, objective, options, message) => {
    const { create } = openClientBench();
    await using client = await create();
    await expect(client.workon(objective as () => number, options)).rejects.toMatchObject({
      name: expect.stringMatching(/^(Usage|UnknownName)Error$/),
      message: expect.stringMatching(message),
    });
    expect(await client.fetchTrials()).toEqual([]);
  });
});

describe("work on a module", () => {
  const objectiveModule = `
    import { writeFileSync } from "node:fs";
    export default ({ x, offset }) => x + offset;
    export const named = (params, trial, { signal }) => {
      writeFileSync(trial.workingDir + "/trace", JSON.stringify({ params, trial, aborted: signal.aborted }));
      return params.x;
    };
    export const broken = () => { throw new Error("inside the module"); };
  `;

  const inline = { executor: "inline" };

  it("calls its default export, or the one that is named, with plain data", async () => {
    const { create, folder } = openClientBench();
    const file = join(folder, "objective.mjs");
    writeFileSync(file, objectiveModule);
    await using client = await create({ maxTrials: 2, workingDir: "runs" });
    expect(await client.workon(pathToFileURL(file), { ...inline, maxTrials: 1, constants: { offset: 10 } })).toBe(1);
    expect(await client.workon(pathToFileURL(file), { ...inline, exportName: "named" })).toBe(1);
    const [first, second] = await client.fetchTrials();
    expect(first!.objective).toBe(first!.params.x + 10);
    expect(JSON.parse(readFileSync(join(second!.workingDir, "trace"), "utf8"))).toMatchObject({
      params: second!.params,
      trial: { id: second!.id, number: 2, workingDir: second!.workingDir },
      aborted: false,
    });
  });

  it.each([
    ["does not exist", "missing.mjs", "default", /Failed to load|Cannot find|does the file exist/],
    ["has no such export", "objective.mjs", "nothing", /exports no function "nothing"/],
    ["throws", "objective.mjs", "broken", /^Error: inside the module$/],
  ])("breaks trials, up to the limit, when it %s", async (_, name, exportName, reason) => {
    const { create, folder } = openClientBench();
    writeFileSync(join(folder, "objective.mjs"), objectiveModule);
    await using client = await create({ maxBroken: 2 });
    const url = pathToFileURL(join(folder, name));
    await expect(client.workon(url, { ...inline, exportName })).rejects.toMatchObject({ code: "BROKEN" });
    const broken = await client.fetchTrialsByStatus("broken");
    expect(broken).toHaveLength(2);
    expect(broken[0]!.failure?.reason).toMatch(reason);
  });
});

describe("the executor", () => {
  /** Counts what it is asked to do. */
  function counting(): { module: ExecutorModule; told: string[] } {
    const told: string[] = [];
    const open = ({ nWorkers }: { readonly nWorkers: number }) => {
      told.push("open");
      const inline = openInline({ nWorkers });
      const close = async () => {
        told.push("close");
        await inline.close();
      };
      return {
        ...inline,
        close,
        call: (...words: Parameters<typeof inline.call>) => {
          told.push("call");
          return inline.call(...words);
        },
      };
    };
    return { module: { ...inlineModule, summary: "counts", open }, told };
  }

  it("of a client stays open until the client closes", async () => {
    const { module, told } = counting();
    const { create } = openClientBench();
    const client = await create({ executor: module, maxTrials: 3 });
    await client.workon(() => 1, { maxTrials: 1 });
    await client.workon(() => 1);
    expect(told).toEqual(["open", "call", "call", "call"]);
    await client.close();
    expect(told.at(-1)).toBe("close");
  });

  it("is used again by calls with as many workers, and by one call at a time", async () => {
    const { module, told } = counting();
    const { create } = openClientBench();
    await using client = await create({ executor: module, maxTrials: 8 });
    const works = [1, 2, 2].map((nWorkers) => client.workon(() => 1, { nWorkers, maxTrialsPerWorker: 1 }));
    await Promise.all(works);
    await client.workon(() => 1, { nWorkers: 2 });
    expect(told.filter((word) => word !== "call")).toEqual(["open", "open", "open"]);
  });

  it("gives each of several calls its own number of workers, and one that is called by another, too", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 4 });
    const both = [latch(), latch()] as const;
    const meet = (mine: 0 | 1) => async () => {
      both[mine].open();
      await both[1 - mine]!.promise;
      return 1;
    };
    const works = ([0, 1] as const).map((mine) => client.workon(meet(mine), { maxTrialsPerWorker: 1 }));
    expect(await Promise.all(works)).toEqual([1, 1]);
    const inner = () => client.workon(() => 1, { maxTrialsPerWorker: 1 });
    expect(await client.workon(inner, { maxTrialsPerWorker: 1 })).toBe(1);
    expect((await client.stats()).counts.completed).toBe(4);
  });

  it("of a call is closed with it, and one for a while at the end of its block", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 3 });
    const [ofCall, forWhile] = [counting(), counting()];
    await client.workon(() => 1, { maxTrials: 1, executor: ofCall.module });
    expect(ofCall.told).toEqual(["open", "call", "close"]);
    {
      await using _ = client.tmpExecutor(forWhile.module);
      await client.workon(() => 1, { maxTrials: 2 });
    }
    expect(forWhile.told).toEqual(["open", "call", "close"]);
    await client.workon(() => 1);
    expect(forWhile.told).toHaveLength(3);
    await client.tmpExecutor({ name: "SingleExecutor" })[Symbol.asyncDispose]();
  });

  it("for a while is the last one that was not ended, in whatever order they end; the client ends the others", async () => {
    const { create } = openClientBench();
    const client = await create({ maxTrials: 4 });
    const [first, second, third] = [counting(), counting(), counting()];
    const work = () => client.workon(() => 1, { maxTrialsPerWorker: 1 });
    const ended = client.tmpExecutor(first.module);
    client.tmpExecutor(second.module);
    await ended[Symbol.asyncDispose]();
    await work();
    const last = client.tmpExecutor(third.module);
    await work();
    await last[Symbol.asyncDispose]();
    await work();
    expect([first, second, third].map(({ told }) => told)).toEqual([
      [],
      ["open", "call", "call"],
      ["open", "call", "close"],
    ]);
    await client.close();
    expect(second.told.at(-1)).toBe("close");
  });
});

describe("work on an experiment to throw away", () => {
  it("lives in memory and gives back all that was found", async () => {
    const { world, folder } = openClientBench();
    const options = { space: { x: "uniform(0, 1)" }, maxTrials: 4, algorithm: { sobol: { seed: 1 } } } as const;
    const objective = ({ x }: { x: number }) => x;
    await using first = await workOnce(world, { objective, options });
    await using second = await workOnce(world, { objective, options: { ...options, name: "mine" } });
    expect([first.name, second.name, first.storage.url]).toEqual(["loop", "mine", "memory:"]);
    expect((await first.fetchTrials()).map(({ params }) => params)).toEqual(
      (await second.fetchTrials()).map(({ params }) => params),
    );
    expect(existsSync(join(folder, "history.sqlite"))).toBe(false);
    for (const wrong of [{ max_trials: 1 }, { storage: "memory:" }, { version: 1 }]) {
      const misspelt = workOnce(world, { objective, options: { ...options, ...wrong } });
      await expect(misspelt).rejects.toThrow(/There is no option ".*" of workon\(\)/);
    }
    const broken = { ...options, maxBroken: 1 };
    await expect(workOnce(world, { objective: () => undefined, options: broken })).rejects.toMatchObject({
      code: "BROKEN",
    });
  });
});
