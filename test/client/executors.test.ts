import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { latch, openClientBench } from "./client-bench.js";

const objective = `
  import { isMainThread } from "node:worker_threads";
  import { exit as leave } from "node:process";
  export default () => ({ objective: 1, place: isMainThread ? process.pid : "thread" });
  export const exit = (_, { number }) => (number === 1 ? leave(3) : number);
  export const eat = (_, { number }) => {
    if (number > 1) return number;
    const all = [];
    for (;;) all.push(new Array(100_000).fill(all.length + 0.5));
  };
`;

function bench(env: Readonly<Record<string, string>> = {}) {
  const opened = openClientBench(env);
  const path = join(opened.folder, "objective.mjs");
  writeFileSync(path, objective);
  return { ...opened, url: pathToFileURL(path) };
}

/** Where the evaluations ran. */
function kindOf(place: unknown): string {
  if (place === "thread") return "threads";
  return place === process.pid ? "inline" : "processes";
}

describe("the executor of a program", () => {
  it("is that of the call, else of the moment, of the client, of the variable", async () => {
    const { create, url } = bench({ ORION_EXECUTOR: "threads" });
    const placeOf = async (client: Awaited<ReturnType<typeof create>>) => {
      const trials = await client.fetchTrials();
      return kindOf(trials.at(-1)!.results[1]!.value);
    };
    await using client = await create();
    await client.workon(url, { maxTrialsPerWorker: 1 });
    expect(await placeOf(client)).toBe("threads");
    await client.workon(url, { maxTrialsPerWorker: 1, executor: { name: "loky", configuration: {} } });
    expect(await placeOf(client)).toBe("processes");
    {
      await using _ = client.tmpExecutor("processes");
      await client.workon(url, { maxTrialsPerWorker: 1 });
      expect(await placeOf(client)).toBe("processes");
    }
    await using own = await create({
      name: "own",
      executor: { name: "poolexecutor", configuration: { backend: "loky" } },
    });
    await own.workon(url, { maxTrialsPerWorker: 1 });
    expect(await placeOf(own)).toBe("processes");
  });

  it("may be named by a file", async () => {
    const { create, folder, url } = bench();
    const place = join(folder, "home", ".config", "orion.core");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "orion_config.yaml"), "worker:\n  executor: threads\n");
    await using client = await create({ maxTrials: 1 });
    await client.workon(url);
    expect(kindOf((await client.fetchTrials())[0]!.results[1]!.value)).toBe("threads");
  });

  it.each(["threads", "processes"])("refuses a closure on %s before a trial is taken", async (executor) => {
    const { create } = bench();
    await using client = await create({ executor });
    await expect(client.workon(() => 1)).rejects.toMatchObject({
      code: "USAGE",
      remedy: expect.stringContaining("Export the function"),
    });
    expect(await client.fetchTrials()).toEqual([]);
  });

  it.each(["threads", "processes"])(
    "goes on after a function that exits, or runs out of memory, on %s",
    async (name) => {
      const { create, url } = bench();
      for (const exportName of ["exit", "eat"]) {
        await using client = await create({
          name: exportName,
          maxTrials: 2,
          executor: { name, configuration: { max_memory_mb: 64 } },
        });
        expect(await client.workon(url, { exportName })).toBe(2);
        const [broken] = await client.fetchTrialsByStatus("broken");
        expect(broken!.failure?.reason).toMatch(exportName === "eat" ? /memory/ : /ended before|exited with code 3/);
      }
    },
  );

  it.each(["inline", "threads", "processes"])(
    "finds a package of the user's, wherever ours lies, on %s",
    async (executor) => {
      const { create, folder } = bench();
      const place = join(folder, "node_modules", "my-objective");
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "package.json"), '{ "exports": "./objective.mjs" }');
      writeFileSync(join(place, "objective.mjs"), "export default ({ x }) => x");
      await using client = await create({ maxTrials: 1, executor });
      expect(await client.workon("my-objective")).toBe(1);
    },
  );

  it("does not wait for ever for a function that hangs when the client closes", async () => {
    const { create } = bench({ ORION_GRACE: "0.05" });
    const begun = latch();
    const client = await create();
    const work = client.workon(() => {
      begun.open();
      return new Promise<number>(() => {});
    });
    await begun.promise;
    await client.close();
    expect(await work).toBe(0);
    await using after = await create();
    expect((await after.stats()).counts).toMatchObject({ interrupted: 1, reserved: 0 });
  });

  it.each(["inline", "threads", "processes"])("runs a module on %s for several workers at once", async (executor) => {
    const { create, url } = bench();
    await using client = await create({ executor, maxTrials: 6 });
    expect(await client.workon(url, { nWorkers: 2 })).toBe(6);
    const places = (await client.fetchTrials()).map(({ results }) => kindOf(results[1]!.value));
    expect(new Set(places)).toEqual(new Set([executor]));
  });
});
