import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { getExperiment } from "../../src/client/get-experiment.js";
import { choices, uniform } from "../../src/client/prior.js";
import { openStorageAt } from "../../src/client/world.js";
import { defineExperiment } from "../../src/experiment/define-experiment.js";
import { openStorage } from "../../src/storage/registry.js";
import { openClientBench } from "./client-bench.js";

describe("an experiment of the library", () => {
  it("is created once, and gone on with by its name alone", async () => {
    const { create } = openClientBench();
    await using first = await create({ space: { x: uniform(0, 1) }, maxTrials: 7, direction: "maximize" });
    await using second = await create({ space: undefined as never });
    expect(second).toMatchObject({ id: first.id, version: 1, maxTrials: 7, maxBroken: 3, mode: "x" });
    expect(second.space).toEqual({ x: "uniform(0, 1)" });
    expect(second).toMatchObject({ direction: "maximize", algorithm: { name: "auto" }, metadata: { userArgs: [] } });
  });

  it("is refused with another space, naming what differs, unless the caller says what to do", async () => {
    const { create, warnings } = openClientBench();
    await using first = await create();
    const other = { space: { x: "uniform(0, 2)" } };
    await expect(create(other)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining('dimension "x" is uniform(0, 1), not uniform(0, 2)'),
      remedy: expect.stringMatching(/onChange: "new-version".*onChange: "force"/),
      commandRemedy: expect.stringContaining("--force-config"),
    });
    await using second = await create({ ...other, onChange: "new-version" });
    expect(second).toMatchObject({ version: 2, parent: { experimentId: first.id } });
    expect(warnings).toEqual([expect.stringContaining('"e" goes on as version 2')]);
    await using forced = await create({ ...other, version: 1, onChange: "force" });
    expect(forced).toMatchObject({ version: 1, space: { x: "uniform(0, 2)" } });
  });

  it("is refused without a space, in the words of a program", async () => {
    const { create } = openClientBench();
    await expect(create({ space: undefined as never })).rejects.toMatchObject({
      code: "CONFIGURATION",
      message: expect.not.stringContaining("command"),
      remedy: expect.stringMatching(/^Give one: \{ space: /),
    });
  });

  it("may be one of the command line, whose names begin with a slash", async () => {
    const { create, storage: url } = openClientBench();
    await using storage = await openStorage(url);
    const metadata = { user: "u", datetime: "2026-01-01T00:00:00.000Z", orionVersion: "1", userArgs: ["./a.sh"] };
    await defineExperiment(storage, {
      name: "e",
      space: { "/x": "uniform(0, 1)", "/act": "choices(['a', 'b'])" },
      metadata,
      drawSeed: () => "1",
    });
    await using client = await create({ space: { x: "uniform(0, 1)", act: choices(["a", "b"]) } });
    const trial = await client.suggest();
    expect(Object.keys(trial.params)).toEqual(["act", "x"]);
    await client.observe(trial, 1);
    await client.insert({ x: 0.5, act: "a" });
    const stored = await storage.listTrials(client.id);
    expect(stored.map(({ params }) => Object.keys(params))).toEqual([
      ["/act", "/x"],
      ["/act", "/x"],
    ]);
    expect((await client.stats()).best?.params).toEqual(trial.params);
  });

  it("takes what the user set up where the program says nothing", async () => {
    const { create, world, folder } = openClientBench({ ORION_EXP_MAX_TRIALS: "4" });
    mkdirSync(join(folder, "home/.config/orion"), { recursive: true });
    writeFileSync(
      join(folder, "home/.config/orion/orion_config.yaml"),
      "experiment: {algorithm: {sobol: {seed: 3}}}\n",
    );
    await using client = await create();
    expect(client).toMatchObject({ maxTrials: 4, algorithm: { name: "sobol", options: { seed: 3 } } });
    expect(client.storage.url).toBe(world.env.ORION_STORAGE);
  });

  it("keeps its rule and its limits when the user set up others for all", async () => {
    const { create, folder } = openClientBench();
    const setUp = (text: string) => writeFileSync(join(folder, "home/.config/orion/orion_config.yaml"), text);
    mkdirSync(join(folder, "home/.config/orion"), { recursive: true });
    setUp("experiment: {stopping: asha, target: 3}\n");
    await using client = await create();
    const stored = async () => (await client.storage.getExperiment("e"))!.definition;
    const chosen = { stopping: { name: "asha", options: {} }, limits: { target: 3 } };
    expect(await stored()).toMatchObject(chosen);
    setUp("experiment: {stopping: none, target: 5, patience: 2}\n");
    await (await create()).close();
    expect(await stored()).toMatchObject(chosen);
  });

  it("is stored where its options say: a relative path, memory, or a storage at hand that stays open", async () => {
    const { create, folder } = openClientBench();
    await using file = await create({ storage: "./sub/runs.sqlite" });
    expect(existsSync(join(folder, "sub/runs.sqlite"))).toBe(true);
    expect(file.storage.url).toBe(`sqlite:${join(folder, "sub/runs.sqlite")}`);
    await using memory = await create({ storage: "memory:" });
    expect(memory.storage.url).toBe("memory:");
    await using mapped = await create({ storage: { type: "sqlite", path: "sub/mapped.sqlite" } });
    expect(mapped.storage.url).toBe(`sqlite:${join(folder, "sub/mapped.sqlite")}`);
    await using storage = await openStorage("memory:");
    await (await create({ storage })).close();
    expect((await storage.listExperiments()).map(({ name }) => name)).toEqual(["e"]);
  });

  it.each([
    ["no name", { name: " " }, "CONFIGURATION", /No name/],
    ["no space", { space: undefined as never }, "CONFIGURATION", /"e" does not exist/],
    ["a prior that cannot be read", { space: { x: "unifrom(0, 1)" } }, "SPACE_SYNTAX", /there is no prior "unifrom"/],
    ["an unknown algorithm", { algorithm: "magic" }, "UNKNOWN_NAME", /no algorithm "magic"/],
    ["an option that the algorithm lacks", { algorithm: { sobol: { seeed: 1 } } }, "USAGE", /no option "seeed"/],
    ["a limit that is none", { maxTrials: -1 }, "USAGE", /max_trials must be .* not -1 \(the option maxTrials\)/],
    ["a number as a text", { maxTrials: "3" as never }, "USAGE", /not "3" \(the option maxTrials\)/],
    ["infinity as a text", { maxBroken: "inf" as never }, "USAGE", /not "inf" \(the option maxBroken\)/],
    ["limits that are a number", { limits: 3 as never }, "USAGE", /option limits of createExperiment\(\) is 3/],
    ["limits that are null", { limits: null as never }, "USAGE", /option limits of createExperiment\(\) is null/],
    ["a limit as a text", { limits: { target: "1" as never } }, "USAGE", /not "1" \(the option limits.target\)/],
    ["a heartbeat of no time", { heartbeat: 0 }, "USAGE", /the option heartbeat/],
    ["a direction that is none", { direction: "up" as never }, "USAGE", /the option direction/],
    ["a storage of another kind", { storage: "redis://x" }, "CONFIGURATION", /redis/],
    ["a storage that is null", { storage: null as never }, "USAGE", /not null \(the option storage\)/],
    ["a storage with a wrong key", { storage: { type: "sqlite", pathh: "x" } }, "CONFIGURATION", /"pathh"/],
    ["an option that there is not", { max_trials: 3 } as never, "USAGE", /no option "max_trials"/],
    ["something else for onChange", { onChange: "bogus" as never }, "USAGE", /onChange is 'bogus'/],
    ["no algorithm", { algorithm: null as never }, "USAGE", /not null \(the option algorithm\)/],
    ["no executor", { executor: {} as never }, "USAGE", /executor is \{\}/],
    ["an executor that is a number", { executor: 5 as never }, "USAGE", /executor is 5/],
    ["a misspelt executor", { executor: { name: "inline", config: {} } as never }, "USAGE", /config: \{\}/],
    [
      "no configuration",
      { executor: { name: "inline", configuration: null as never } },
      "USAGE",
      /configuration: null/,
    ],
    ["a space that is null", { space: null as never }, "USAGE", /search space is null/],
    ["a name that is an object", { name: {} as never }, "USAGE", /the option name/],
    ["a name that ends early in SQLite", { name: "a\0b" }, "USAGE", /without the character NUL.*\(the option name\)/],
  ])("is refused with %s, and nothing is stored", async (_, options, code, message) => {
    const { create, storage: url } = openClientBench();
    await expect(create(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    if (code === "USAGE" && /heartbeat/.test(message.source)) return; // read by the client, not the experiment
    await using storage = await openStorage(url);
    expect(await storage.listExperiments()).toEqual([]);
  });
});

describe("openStorage", () => {
  it.each([
    ["./here.sqlite", (folder: string) => `sqlite:${folder}/here.sqlite`],
    ["sqlite:~/there.sqlite", (folder: string) => `sqlite:${folder}/home/there.sqlite`],
    [{ type: "sqlite", path: "mapped.sqlite" }, (folder: string) => `sqlite:${folder}/mapped.sqlite`],
    ["memory", () => "memory:"],
  ])("takes %j as the option storage does", async (address, urlIn) => {
    const { create, world, folder } = openClientBench();
    await using storage = await openStorageAt(world, address);
    expect(storage.url).toBe(urlIn(folder));
    await using client = await create({ storage: address });
    expect(client.storage.url).toBe(storage.url);
  });

  it.each([undefined, null, 5, ""])("refuses %j", async (address) => {
    const { world } = openClientBench();
    await expect(openStorageAt(world, address as never)).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("a stored experiment that is only looked at", () => {
  it("is read in mode r, added to in mode w, and worked on in neither", async () => {
    const { create, world } = openClientBench();
    await using client = await create();
    await client.observe(await client.suggest(), 1);
    await using reader = await getExperiment<{ x: number }>(world, "e");
    expect(await reader.fetchTrials()).toHaveLength(1);
    await using writer = await getExperiment<{ x: number }>(world, "e", { mode: "w" });
    await writer.insert({ x: 0.25 });
    expect(await reader.fetchTrialsByStatus("new")).toMatchObject([{ params: { x: 0.25 } }]);

    const refused = { code: "ACCESS", message: expect.stringContaining('in mode "r"') };
    await expect(reader.insert({ x: 0.5 })).rejects.toMatchObject(refused);
    await expect(reader.release("id")).rejects.toMatchObject(refused);
    for (const only of [reader, writer] as (typeof client)[]) {
      await expect(only.suggest()).rejects.toMatchObject({ code: "ACCESS" });
      await expect(only.reserve("id")).rejects.toMatchObject({ code: "ACCESS" });
      await expect(only.observe("id", 1)).rejects.toMatchObject({ code: "ACCESS" });
      await expect(only.workon(() => 1)).rejects.toMatchObject({ code: "ACCESS" });
      expect(() => only.tmpExecutor("inline")).toThrow(/tmpExecutor\(\) is not allowed/);
    }
  });

  it("is refused when it is not there, and looking makes no database", async () => {
    const { create, world, folder } = openClientBench();
    await expect(getExperiment(world, "e")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(existsSync(join(folder, "history.sqlite"))).toBe(false);
    await using _ = await create();
    await expect(getExperiment(world, "other")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(getExperiment(world, "e", { mode: "x" as never })).rejects.toMatchObject({ code: "USAGE" });
  });

  it.each<[string, unknown, object | undefined, string, RegExp]>([
    ["no name", undefined, undefined, "CONFIGURATION", /No name was given/],
    ["a name that is null", null, {}, "USAGE", /the option name/],
    ["a name that ends early in SQLite", "e\0f", {}, "USAGE", /without the character NUL/],
    ["a version that is no number", "e", { version: Number.NaN }, "USAGE", /the option version/],
    ["a version before the first", "e", { version: 0 }, "USAGE", /the option version/],
    ["an option that there is not", "e", { Version: 1 }, "USAGE", /no option "Version" of getExperiment/],
    ["no options", "e", null as never, "USAGE", /options of getExperiment\(\) are null/],
  ])("is refused with %s", async (_, name, options, code, message) => {
    const { create, world } = openClientBench();
    await using _client = await create();
    const opening = getExperiment(world, name as string, options);
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("names the dimensions of groups with dots", async () => {
    const { create } = openClientBench();
    const space = { model: { layers: "uniform(1, 8, discrete=True)", text: { size: "uniform(0, 1)" } } } as const;
    await using client = await create({ space });
    const { params } = await client.suggest();
    expect(Object.keys(params).sort()).toEqual(["model.layers", "model.text.size"]);
    expect(params["model.layers"]).toBeGreaterThan(0);
    await expect(create({ name: "none", space: { model: {} } })).rejects.toThrow(/"model" is not a prior/);
  });
});
