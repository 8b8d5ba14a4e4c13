import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Executor, ExecutorModule } from "../../src/executors/executor.js";
import inline from "../../src/executors/inline.js";
import { count } from "../../src/executors/options.js";
import { executorAliases, executors, openExecutor, resolveExecutor } from "../../src/executors/registry.js";

const nameOf = async (executor: string, configuration = {}) =>
  (await resolveExecutor({ executor, configuration })).name;

describe("the registry of executors", () => {
  it("knows every file of the folder that exports an executor", () => {
    const folder = new URL("../../src/executors/", import.meta.url);
    const plugins = readdirSync(folder)
      .filter((file) => file.endsWith(".ts"))
      .filter((file) => readFileSync(new URL(file, folder), "utf8").includes("satisfies ExecutorModule"));
    expect(plugins.map((file) => file.replace(/\.ts$/, ""))).toEqual(Object.keys(executors));
  });

  it("takes the names that users know from elsewhere, in any case", async () => {
    expect(await nameOf("Single")).toBe("inline");
    expect(await nameOf("SingleExecutor")).toBe("inline");
    for (const name of ["joblib", "Loky", "PoolExecutor"]) expect(await nameOf(name)).toBe("processes");
    for (const name of Object.keys(executorAliases)) expect(Object.keys(executors)).toContain(await nameOf(name));
  });

  it("knows what the backends of a pool are here", async () => {
    for (const backend of ["thread", "threading"]) expect(await nameOf("poolexecutor", { backend })).toBe("threads");
    for (const backend of ["loky", "multiprocess", null]) expect(await nameOf("joblib", { backend })).toBe("processes");
    await expect(nameOf("joblib", { backend: "dask" })).rejects.toMatchObject({
      code: "USAGE",
      message: 'The executor "joblib" has no backend "dask".',
      remedy: expect.stringMatching(/loky, multiprocess, .*thread/),
    });
  });

  it("hands back an executor of the user's own", async () => {
    const mine: ExecutorModule = { ...inline, summary: "Mine." };
    expect((await resolveExecutor({ executor: mine })).module).toBe(mine);
  });

  it("opens one whose executor is an object of a class", async () => {
    class Mine implements Executor {
      readonly name = "mine";
      #isClosed = false;
      async run() {
        return { exitCode: this.#isClosed ? 1 : 0, signal: undefined };
      }
      async call() {
        return { kind: "stopped" } as const;
      }
      async close() {
        this.#isClosed = true;
      }
      [Symbol.asyncDispose]() {
        return this.close();
      }
    }
    const mine = new Mine();
    const opened = await openExecutor(await resolveExecutor({ executor: { ...inline, open: () => mine } }));
    await opened[Symbol.asyncDispose]();
    await opened.close();
    expect(await mine.run()).toMatchObject({ exitCode: 1 });
  });

  it("refuses another name with those that exist", async () => {
    await expect(nameOf("moon")).rejects.toMatchObject({
      code: "UNKNOWN_NAME",
      remedy: `Known names: ${Object.keys(executors).sort().join(", ")}.`,
    });
  });
});

describe("options of executors", () => {
  const executor: ExecutorModule = {
    ...inline,
    options: { size: count({ default: 3, from: 1, doc: "How large." }) },
  };

  it("have their defaults where they are absent or null", async () => {
    const read = async (configuration: object) =>
      (await resolveExecutor({ executor, configuration: { ...configuration } })).configuration;
    expect(await read({})).toEqual({ size: 3 });
    expect(await read({ size: null })).toEqual({ size: 3 });
    expect(await read({ size: 5 })).toEqual({ size: 5 });
  });

  it("that do not exist are refused with those that do", async () => {
    await expect(nameOf("threads", { max_memory: 1 })).rejects.toMatchObject({
      code: "USAGE",
      message: 'The executor "threads" has no option "max_memory".',
      remedy: "Its options: max_memory_mb.",
    });
    await expect(nameOf("inline", { a: 1 })).rejects.toMatchObject({ remedy: "It has none." });
  });

  it("of another kind are refused with what they must be", async () => {
    await expect(nameOf("processes", { max_memory_mb: "much" })).rejects.toThrow(
      'The option "max_memory_mb" of the executor "processes" must be a whole number from 1, not "much".',
    );
  });

  it("that are none of ours are passed on where somebody takes them", async () => {
    const passing: ExecutorModule = { ...executor, passesOptionsTo: "somebody" };
    const { configuration } = await resolveExecutor({ executor: passing, configuration: { address: "here" } });
    expect(configuration).toEqual({ size: 3, address: "here" });
  });
});

it("the manual lists every executor with its options (vitest -u writes it)", async () => {
  const manual = fileURLToPath(new URL("../../docs/parallel.md", import.meta.url));
  const text = readFileSync(manual, "utf8");
  const block = /(?<=<!-- options: [^\n]*-->\n)[\s\S]*(?=<!-- end of options -->)/;
  expect(text).toMatch(block);
  const rows: string[] = [];
  for (const [name, load] of Object.entries(executors)) {
    const module: ExecutorModule = (await load()).default;
    for (const [key, option] of Object.entries(module.options)) {
      const initial = option.default === undefined ? "" : `\`${JSON.stringify(option.default).replaceAll('"', "")}\``;
      rows.push(`| \`${name}\` | \`${key}\` | ${initial} | ${option.doc} |`);
    }
    if (module.passesOptionsTo !== undefined)
      rows.push(`| \`${name}\` | others | | Go to \`${module.passesOptionsTo}\`. |`);
  }
  const table = ["| executor | option | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
  await expect(text.replace(block, () => `\n${table}\n\n`)).toMatchFileSnapshot(manual);
});
