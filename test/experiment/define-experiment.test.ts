import { afterEach, describe, expect, it } from "vitest";
import { defineExperiment, findExperiment } from "../../src/experiment/define-experiment.js";
import { type ExperimentRequest, plainDefaults } from "../../src/experiment/experiment-request.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";

const opened: Storage[] = [];
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

async function open(): Promise<Storage> {
  const storage = await openStorage("memory:");
  opened.push(storage);
  return storage;
}

function request(change: Partial<ExperimentRequest> = {}): ExperimentRequest {
  return {
    name: "e",
    space: { "/x": "uniform(0, 1)" },
    metadata: { user: "u", datetime: "2026-01-01T00:00:00.000Z", orionVersion: "1", userArgs: ["./a.sh"] },
    drawSeed: () => "drawn",
    ...change,
  };
}

const { space: _, ...withoutSpace } = request();

describe("a request for an experiment", () => {
  it("creates it once, whoever asks at the same time", async () => {
    const storage = await open();
    const defined = await Promise.all(Array.from({ length: 8 }, () => defineExperiment(storage, request())));
    expect(new Set(defined.map(({ record }) => record.id)).size).toBe(1);
    expect(defined[0]!.record.definition).toMatchObject({ seed: "drawn", direction: "minimize" });
  });

  it("is refused where rounding would leave nothing to search, and goes on where that is stored", async () => {
    const storage = await open();
    const narrow = request({ space: { "/year": "uniform(20150, 20152)" } });
    await expect(defineExperiment(storage, narrow)).rejects.toMatchObject({
      code: "SPACE_SYNTAX",
      remedy: expect.stringContaining("precision=8"),
    });
    expect(await storage.getExperiment("e")).toBeUndefined();
    const { record } = await defineExperiment(storage, request());
    const stored = { ...record.definition, space: narrow.space! };
    await storage.changeExperiment(record.id, { definition: stored, expectedRevision: record.definitionRevision });
    expect((await defineExperiment(storage, narrow)).record.definition.space).toEqual(narrow.space);
  });

  it("goes on with what is stored when it brings no space", async () => {
    const storage = await open();
    const { record } = await defineExperiment(storage, request({ maxTrials: 5 }));
    expect((await defineExperiment(storage, withoutSpace)).record).toEqual(record);
    const raised = await defineExperiment(storage, { ...withoutSpace, maxTrials: 8 });
    expect(raised.record.maxTrials).toBe(8);
  });

  it("without a space is refused when nothing is stored", async () => {
    await expect(defineExperiment(await open(), withoutSpace)).rejects.toThrow(/"e" does not exist/);
  });

  it("with another space is refused, naming what differs, and changes nothing", async () => {
    const storage = await open();
    const { record } = await defineExperiment(storage, request());
    const other = request({ space: { "/x": "uniform(0, 2)", "/y": "normal(0, 1)" } });
    await expect(defineExperiment(storage, other)).rejects.toThrow(
      /"x" is uniform\(0, 1\), not uniform\(0, 2\); dimension "y" is new/,
    );
    expect((await storage.getExperiment("e"))?.definition).toEqual(record.definition);
  });

  it("with another space goes on in place when it is forced, and the experiment is marked", async () => {
    const storage = await open();
    await defineExperiment(storage, request());
    const forced = await defineExperiment(storage, request({ space: { "/x": "uniform(0, 2)" }, onChange: "force" }));
    expect(forced.record.version).toBe(1);
    expect(forced.record.definition.space).toEqual({ "/x": "uniform(0, 2)" });
    expect(forced.record.definition.metadata.forced).toMatchObject([{ changes: [expect.stringMatching(/"x"/)] }]);
  });

  it("with another space is refused where rounding would leave nothing to search, forced or not", async () => {
    const storage = await open();
    const { record } = await defineExperiment(storage, request());
    for (const onChange of ["force", "new-version"] as const) {
      const narrow = request({ space: { "/x": "uniform(20150, 20152)" }, maxTrials: 9, onChange });
      await expect(defineExperiment(storage, narrow)).rejects.toMatchObject({ code: "SPACE_SYNTAX" });
    }
    expect(await storage.listExperiments()).toEqual([record]);

    const stored = { ...record.definition, space: { "/x": "uniform(20150, 20152)" } };
    await storage.changeExperiment(record.id, { definition: stored, expectedRevision: record.definitionRevision });
    const wider = request({ space: { x: "uniform(20150, 20152)", y: "uniform(0, 1)" }, onChange: "force" });
    expect((await defineExperiment(storage, wider)).record.definition.space).toEqual({
      "/x": wider.space!.x,
      "/y": wider.space!.y,
    });
    const turned = request({ space: wider.space!, direction: "maximize", onChange: "force" });
    expect((await defineExperiment(storage, turned)).record.definition.direction).toBe("maximize");
  });

  it("with another space becomes the next version where versions are wanted, from eight workers at once", async () => {
    const storage = await open();
    const first = await defineExperiment(storage, request({ maxTrials: 5, workingDir: "/w" }));
    const changed = request({ space: { "/x": "uniform(0, 2)" }, onChange: "new-version" });
    const all = await Promise.all(Array.from({ length: 8 }, () => defineExperiment(storage, changed)));
    expect(new Set(all.map(({ record }) => record.version))).toEqual(new Set([2]));
    expect(all[0]!.record).toMatchObject({ maxTrials: 5, workingDir: "/w", parent: { experimentId: first.record.id } });
    expect((await storage.listExperiments("e")).map((record) => record.definition.space["/x"])).toEqual([
      "uniform(0, 1)",
      "uniform(0, 2)",
    ]);
  });

  it("has in the next version every limit and the objective pattern of the one before, but for what is asked for", async () => {
    const storage = await open();
    const { metadata } = request();
    await defineExperiment(
      storage,
      request({
        limits: { target: 1, patience: 5, cost: 9 },
        metadata: { ...metadata, objectivePattern: "loss: (.*)" },
      }),
    );
    const changed = request({ space: { "/x": "uniform(0, 2)" }, onChange: "new-version" });
    const { record } = await defineExperiment(storage, { ...changed, limits: { target: 2, cost: null } });
    expect(record.definition.limits).toEqual({ target: 2, patience: 5 });
    expect(record.definition.metadata.objectivePattern).toBe("loss: (.*)");
    const other = { ...changed, space: { "/x": "uniform(0, 3)" }, limits: { patience: null, target: null } };
    const third = await defineExperiment(storage, { ...other, objectivePattern: "" });
    expect(third.record.definition.limits).toBeUndefined();
    expect(third.record.definition.metadata.objectivePattern).toBe("");
  });

  it("keeps its rule and its limits where a default says otherwise, and in its next version, too", async () => {
    const storage = await open();
    const median = { name: "median", options: {} };
    const asha = { name: "asha", options: {} };
    const defaults = { ...plainDefaults, stopping: asha, limits: { target: 3, cost: 9 } };
    const own = request({ stopping: median, limits: { target: 5, patience: 7 }, defaults });
    const { record } = await defineExperiment(storage, own);
    expect(record.definition).toMatchObject({ stopping: median, limits: { target: 5, patience: 7, cost: 9 } });
    expect((await defineExperiment(storage, request({ defaults }))).record.definition).toEqual(record.definition);
    const changed = request({ space: { "/x": "uniform(0, 2)" }, onChange: "new-version", defaults });
    const next = await defineExperiment(storage, { ...changed, limits: { target: null } });
    expect(next.record).toMatchObject({ version: 2, definition: { stopping: median } });
    expect(next.record.definition.limits).toEqual({ patience: 7, cost: 9 });
    await defineExperiment(storage, request({ name: "plain" }));
    const plain = await defineExperiment(storage, { ...changed, name: "plain" });
    expect(plain.record.definition).not.toHaveProperty("stopping");
    expect(plain.record.definition).not.toHaveProperty("limits");
  });

  it("means the same space with and without a leading slash", async () => {
    const storage = await open();
    const { record } = await defineExperiment(storage, request());
    const library = await defineExperiment(storage, request({ space: { x: "uniform(0, 1)" } }));
    expect(library.record).toEqual(record);
  });

  it("keeps the names of the dimensions, of which ids are made, where only the algorithm is another one", async () => {
    const storage = await open();
    await defineExperiment(storage, request());
    const algorithm = { name: "sobol", options: {} };
    const library = await defineExperiment(storage, request({ space: { x: "uniform(0, 1)" }, algorithm }));
    expect(library.record.definition).toMatchObject({ algorithm, space: { "/x": "uniform(0, 1)" } });
  });

  it.each([
    [{ "/x": "uniform(0, 1)" }, { x: "uniform(0, 2)", y: "uniform(0, 1)" }, ["/x", "/y"]],
    [{ x: "uniform(0, 1)" }, { "/x": "uniform(0, 2)", "/y": "uniform(0, 1)" }, ["x", "y"]],
  ])("keeps the way in which %j names its dimensions where %j is forced upon it", async (before, after, names) => {
    const storage = await open();
    await defineExperiment(storage, request({ space: before }));
    const { record } = await defineExperiment(storage, request({ space: after, onChange: "force" }));
    expect(Object.keys(record.definition.space)).toEqual(names);
  });

  it("with another command is refused with the reasons that the command gives", async () => {
    const storage = await open();
    await defineExperiment(storage, request());
    const other = request({ compareCommand: () => ['the word "--depth" is new'] });
    await expect(defineExperiment(storage, other)).rejects.toThrow(/the word "--depth" is new/);
  });

  it("may change the algorithm, from eight workers at once, with a note", async () => {
    const storage = await open();
    await defineExperiment(storage, request());
    const algorithm = { name: "sobol", options: { seed: 3 } };
    const all = await Promise.all(Array.from({ length: 8 }, () => defineExperiment(storage, request({ algorithm }))));
    expect(all[0]!.notes[0]).toMatch(/from auto to sobol/);
    expect(new Set(all.map(({ record }) => record.definitionRevision))).toEqual(new Set([2]));
    expect(all[7]!.record.definition).toMatchObject({ algorithm, seed: "3" });
  });
});

describe("a version", () => {
  it("beyond the newest means the newest, with a note; one that was removed is not found", async () => {
    const storage = await open();
    const { record } = await defineExperiment(storage, request());
    for (const version of [2, 3])
      await storage.createExperiment({ ...record, version, parent: { experimentId: 1, adapters: [] } });
    const second = (await storage.getExperiment("e", 2))!;
    await storage.removeExperiments([second.id]);
    const beyond = await findExperiment(storage, "e", 9);
    expect(beyond.record?.version).toBe(3);
    expect(beyond.notes[0]).toMatch(/no version 9/);
    await expect(findExperiment(storage, "e", 2)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await findExperiment(storage, "nobody")).record).toBeUndefined();
  });
});
