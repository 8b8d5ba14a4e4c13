import { describe, expect, it } from "vitest";
import { createExperiment } from "../../src/client/create-experiment.js";
import { uniform } from "../../src/client/prior.js";
import { ledgerScript, openDesk, readCalls } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";
import { openClientBench } from "./client-bench.js";

describe("an experiment that the library and the command line share", () => {
  it("is gone on with by each of them, at the same time, to exactly its budget", async () => {
    const desk = openDesk(temporaryFolder());
    const { world } = openClientBench();
    const script = desk.script("train.sh", ledgerScript());
    const options = { name: "both", space: { x: "uniform(0, 1)" }, storage: desk.storage } as const;
    await using client = await createExperiment(world, { ...options, maxTrials: 12 });
    await client.observe(await client.suggest(), 1);

    const hunt = desk.start(["hunt", "-n", "both", script, "-x~uniform(0, 1)"]);
    const [completed, { code }] = await Promise.all([
      client.workon(({ x }) => x, { maxTrialsPerWorker: 3 }),
      hunt.ended,
    ]);
    expect(code).toBe(0);
    expect(completed).toBeLessThanOrEqual(3);
    const ofScript = readCalls(desk).filter(({ what }) => what === "end").length;
    expect(1 + completed + ofScript).toBe(12);
    expect(await client.fetchTrials()).toHaveLength(12);
    expect(await client.isDone()).toBe(true);
  });

  it("may have been made by the command line, whose names begin with a slash", async () => {
    const desk = openDesk(temporaryFolder());
    const { world } = openClientBench();
    const script = desk.script("train.sh", ledgerScript());
    await desk.orion("hunt", "-n", "first", "--exp-max-trials", 2, script, "-x~uniform(0, 1)");
    const options = { name: "first", storage: desk.storage };
    await expect(createExperiment(world, { ...options, space: { y: "uniform(0, 1)" } })).rejects.toThrow(/"y" is new/);
    await using client = await createExperiment(world, { ...options, space: { x: uniform(0, 1) }, maxTrials: 3 });
    expect(await client.workon(({ x }) => x)).toBe(1);
    const { stats } = await desk.json("info", "-n", "first");
    expect(stats).toMatchObject({ completed: true, trialsCompleted: 3 });
  });
});
