import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import type { Definition } from "../../src/storage/storage.js";
import { type Desk, ledgerScript, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";

/** Change what is stored of the experiment "a", as another version of orion may have done. */
async function redefine(desk: Desk, change: (definition: Definition) => Definition) {
  await using storage = await openStorage(desk.storage);
  const record = (await storage.getExperiment("a"))!;
  await storage.changeExperiment(record.id, { definition: change(record.definition) });
}

describe("orion hunt -n NAME, of an experiment that is stored", () => {
  it("ends with an error when its stopping rule is unknown here", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    await desk.orion("hunt", "-n", "a", "--init-only", "./ok.sh", prior);
    await redefine(desk, (definition) => ({ ...definition, stopping: { name: "magic", options: {} } }));
    const hunt = desk.start(["hunt", "-n", "a"]);
    onTestFinished(() => void hunt.child.kill("SIGKILL")); // if it does not end, which is what the test is for
    const { code, err } = await hunt.ended;
    expect(code).toBe(1);
    expect(err).toContain('There is no stopping rule "magic"');
  }, 90_000);

  it("reads the objective as the first hunt was told to, until a later one says otherwise", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("print.sh", "#!/bin/sh\necho loss: 5, cost: 7\n");
    const first = ["--objective-pattern", "loss: (\\d+)", "./print.sh", prior];
    await desk.orion("hunt", "-n", "a", "--exp-max-trials", 1, ...first);
    const best = async (count: number, ...more: string[]) => {
      const { code, err } = await desk.orion("hunt", "-n", "a", "--exp-max-trials", count, ...more);
      expect([code, err]).toEqual([0, expect.not.stringContaining("Error")]);
      const [{ trialList }] = await desk.json("status", "-n", "a", "--all");
      return [trialList.at(-1).objective, err];
    };
    expect(await best(2)).toEqual([5, expect.not.stringContaining("objective pattern")]);
    const changes = 'The objective pattern of "a" changes from "loss: (\\d+)" to "cost: (\\d+)"';
    expect(await best(3, "--objective-pattern", "cost: (\\d+)")).toEqual([7, expect.stringContaining(changes)]);
    expect((await best(4))[0]).toBe(7);
    expect((await desk.orion("info", "-n", "a")).out).toContain("\nobjective pattern: cost: (\\d+)\n");
    const without = await desk.orion("hunt", "-n", "a", "--exp-max-trials", 5, "--objective-pattern", "");
    expect(without.err).toContain("is broken");
  }, 90_000);

  it("starts the program where its command was typed, and says so", async () => {
    const desk = openDesk(temporaryFolder());
    desk.file("data", "1");
    desk.script("here.sh", '#!/bin/sh\ncat ./data > "$ORION_RESULTS_PATH"\npwd >> places\n');
    await desk.orion("hunt", "-n", "a", "--exp-max-trials", 1, "./here.sh", prior);
    const other = join(desk.folder, "other");
    mkdirSync(other);
    const there = ["sh", "-c", 'cd other; exec "$@"', "-"];
    const moved = await desk.start(["hunt", "-n", "a", "--exp-max-trials", 2], {}, there).ended;
    expect(moved.code).toBe(0);
    expect(moved.err).toContain(`Note: The program starts in ${desk.folder}, where its command was typed.\n`);
    expect(desk.read("places")).toBe(`${desk.folder}\n`.repeat(2));
    // Moved to another folder, or machine: it starts where the user is.
    renameSync(join(desk.folder, "here.sh"), join(other, "here.sh"));
    renameSync(join(desk.folder, "data"), join(other, "data"));
    const here = await desk.start(["hunt", "-n", "a", "--exp-max-trials", 3], {}, there).ended;
    expect([here.code, here.err]).toEqual([0, expect.not.stringContaining("starts in")]);
    expect(desk.read("other/places")).toBe(`${other}\n`);
    renameSync(join(other, "here.sh"), join(other, "gone.sh"));
    const gone = await desk.start(["hunt", "-n", "a", "--exp-max-trials", 4], {}, there).ended;
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining(`started in ${desk.folder}, and there`) });
  }, 90_000);

  it("looks for a script behind an interpreter where it may be, and breaks no trial where it is nowhere", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("train.sh", ledgerScript());
    await desk.orion("hunt", "-n", "a", "--exp-max-trials", 1, "sh", "train.sh", prior);
    const other = join(desk.folder, "other");
    mkdirSync(other);
    renameSync(join(desk.folder, "train.sh"), join(other, "train.sh"));
    const there = ["sh", "-c", 'cd other; exec "$@"', "-"];
    const moved = await desk.start(["hunt", "-n", "a", "--exp-max-trials", 2], {}, there).ended;
    expect(moved).toMatchObject({ code: 0, err: expect.not.stringContaining("broken") });
    const gone = await desk.orion("hunt", "-n", "a", "--exp-max-trials", 3);
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining("with --force-config in front of it") });
    expect(gone.err).toContain(`"train.sh" of the experiment does not exist here, in ${desk.folder}.`);
    await desk.orion("hunt", "-n", "a", "--exp-max-trials", 3, "--force-config", "sh", "other/train.sh", prior);
    expect((await desk.json("info", "-n", "a")).stats).toMatchObject({ trialsCompleted: 3, trialsBroken: 0 });
  }, 90_000);

  it("starts a command that was forced upon it where that was typed", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("a.sh", ledgerScript());
    desk.script("other/b.sh", ledgerScript());
    await desk.orion("hunt", "-n", "a", "--exp-max-trials", 1, "./a.sh", prior);
    const there = ["sh", "-c", 'cd other; exec "$@"', "-"];
    const words = ["hunt", "-n", "a", "--exp-max-trials", 2, "--force-config", "./b.sh", prior];
    expect(await desk.start(words, {}, there).ended).toMatchObject({ code: 0 });
    expect(await desk.orion("hunt", "-n", "a", "--exp-max-trials", 3)).toMatchObject({ code: 0 });
    expect(desk.read("other/calls.txt").trim().split("\n")).toHaveLength(4);
  }, 90_000);

  it("lifts a limit of the search that is not wanted any more", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const limits = ["--target", 0, "--patience", 2, "--max-time", 1, "--max-cost", 3, "--exp-max-trials", 4];
    await desk.orion("hunt", "-n", "a", "--init-only", ...limits, "./ok.sh", prior);
    const set = { target: 0, patience: 2, maxTime: 1, maxCost: 3, maxTrials: 4 };
    expect(await desk.json("info", "-n", "a")).toMatchObject(set);
    await desk.orion("hunt", "-n", "a", "--init-only", "--patience", "none");
    expect(await desk.json("info", "-n", "a")).toMatchObject({ ...set, patience: null });
    desk.file("none.yaml", "experiment: {target: none}\n");
    const others = ["-c", "none.yaml", "--max-time", "inf", "--max-cost", "none", "--exp-max-trials", "inf"];
    await desk.orion("hunt", "-n", "a", "--init-only", ...others);
    const lifted = { target: null, patience: null, maxTime: null, maxCost: null, maxTrials: null };
    expect(await desk.json("info", "-n", "a")).toMatchObject(lifted);
  }, 90_000);
});
