import { beforeEach, describe, expect, it } from "vitest";
import { openExperiment } from "../../../src/experiment/experiment.js";
import type { Storage } from "../../../src/storage/storage.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, idOf, runOrion, seed, sketch, waiting } from "../fake-terminal.js";

let folder: string;
const info = (...words: string[]) => runOrion(["info", ...words], { folder });
const json = async (...words: string[]) => JSON.parse((await info(...words, "--json")).out);

beforeEach(() => {
  folder = temporaryFolder();
});

/** The lines of a block, by its title. */
function block(text: string, title: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line, at) => line === title && lines[at + 1] === "=".repeat(title.length));
  if (start < 0) throw new Error(`no block ${title} in\n${text}`);
  const end = lines.findIndex((line, at) => at > start && line === "" && lines[at + 1] === "");
  return lines.slice(start + 2, end < 0 ? -1 : end);
}

async function breakOne(storage: Storage, experimentId: number): Promise<void> {
  const stderr = `${Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n")}\n`;
  const reservation = await storage.reserveTrial(experimentId, { worker: "h:1:x", leaseMs: 60_000, waitingOnly: true });
  if (reservation.kind !== "trial") throw new Error(reservation.kind);
  const { number, epoch } = reservation.trial;
  await storage.releaseTrial({ experimentId, number, epoch }, "broken", { reason: "exit code 3", exitCode: 3, stderr });
}

it("of an experiment that does not exist is refused with its name and the database", async () => {
  const { code, err } = await info("-n", "nobody");
  expect(code).toBe(1);
  expect(err).toContain('There is no experiment "nobody" in sqlite:');
  expect((await info()).err).toContain("Add -n NAME");
});

it("of a trial says what it was suggested from, and whether the algorithm says the same today", async () => {
  await seed(folder, async (storage) => {
    const definition = { ...sketch("exp").definition, algorithm: { name: "tpe", options: { n_initial_points: 2 } } };
    const record = await storage.createExperiment(sketch("exp", { definition }));
    const { nextTrial } = await openExperiment(storage, record);
    for (let turn = 0; turn < 4; turn++) {
      const next = await nextTrial({ worker: "w", leaseMs: 60_000 });
      if (next.kind !== "trial") throw new Error(next.kind);
      await storage.finishTrial(next.trial, [{ name: "loss", type: "objective", value: turn }]);
    }
  });
  const lines = block((await info("-n", "exp", "--trial", "4")).out, "Why this trial");
  expect(lines[0]).toMatch(/^suggested from: the history at revision \d+, attempt 0$/);
  expect(lines.at(-1)).toBe("computed once more: the same");
  expect((await json("-n", "exp", "--trial", "4")).recomputed).toEqual({ kind: "agrees" });
});

it("of an experiment of somebody else is refused when a user is given", async () => {
  await seed(folder, (storage) => storage.createExperiment(sketch("exp")));
  expect((await info("-n", "exp", "-u", "ada")).code).toBe(0);
  const { code, err } = await info("-n", "exp", "-u", "bob");
  expect(code).toBe(1);
  expect(err).toContain("is of ada, not of bob");
});

describe("of an experiment that has not begun", () => {
  beforeEach(() => seed(folder, (storage) => storage.createExperiment(sketch("exp"))));

  it("has all blocks", async () => {
    const { code, out } = await info("-n", "exp");
    expect(code).toBe(0);
    expect(block(out, "Identification")).toEqual(["name: exp", "version: 1", "user: ada"]);
    expect(block(out, "Commandline")).toEqual(["./train.py -x~uniform(-5, 5)"]);
    expect(block(out, "Config")).toEqual([
      "max trials: infinite",
      "max broken: 3",
      "working dir:",
      "direction: minimize",
    ]);
    expect(block(out, "Algorithm")).toEqual(["random:", "    seed: null", "drawn seed: 4711"]);
    expect(block(out, "Space")).toEqual(["/kind: choices(['a', 'b'], default_value='b')", "/x: uniform(-5, 5)"]);
    expect(block(out, "Meta-data")).toEqual([
      "user: ada",
      "datetime: 2031-04-02T10:00:00.000Z",
      "orion version: 0.1.0",
    ]);
    expect(block(out, "Parent experiment")).toEqual(["root:", "parent:", "adapter:"]);
    expect(block(out, "Stats")).toEqual(["No trials executed..."]);
    expect(out).not.toContain("Broken trials");
  });

  it("is JSON of the documented shape", async () => {
    expect(await json("-n", "exp")).toEqual({
      name: "exp",
      version: 1,
      space: { "/kind": "choices(['a', 'b'], default_value='b')", "/x": "uniform(-5, 5)" },
      algorithm: { random: { seed: null } },
      seed: "4711",
      direction: "minimize",
      maxTrials: null,
      maxBroken: 3,
      workingDir: "",
      stopping: null,
      target: null,
      patience: null,
      maxTime: null,
      maxCost: null,
      metadata: {
        user: "ada",
        datetime: "2031-04-02T10:00:00.000Z",
        orionVersion: "0.1.0",
        userArgs: ["./train.py", "-x~uniform(-5, 5)"],
      },
      parent: null,
      stats: {
        completed: false,
        trialsCompleted: 0,
        trialsBroken: 0,
        best: null,
        startTime: expect.stringMatching(/^\d{4}-.*Z$/),
        finishTime: null,
        elapsedSeconds: null,
      },
      brokenTrials: [],
    });
  });
});

it("shows the given seed, nested options, version control and changes in place", async () => {
  await seed(folder, async (storage) => {
    const { definition, ...rest } = sketch("exp");
    await storage.createExperiment({
      ...rest,
      definition: {
        ...definition,
        algorithm: { name: "tpe", options: { seed: 7, prior: { weight: 0.5 } } },
        metadata: {
          ...definition.metadata,
          vcs: { type: "git", is_dirty: false },
          forced: [
            {
              datetime: "2031-05-01T00:00:00.000Z",
              changes: ["Option --s is new: 0.1.", 'dimension "x" is uniform(0, 1), not uniform(2, 3)'],
            },
          ],
        },
      },
    });
  });
  const { out } = await info("-n", "exp");
  expect(block(out, "Algorithm")).toEqual(["tpe:", "    seed: 7", "    prior:", "        weight: 0.5"]);
  expect(block(out, "Meta-data").slice(3)).toEqual([
    "VCS:",
    "  type: git",
    "  is_dirty: false",
    "changed in place: 2031-05-01T00:00:00.000Z: Option --s is new: 0.1; " +
      'dimension "x" was uniform(0, 1), is now uniform(2, 3)',
  ]);
});

it("shows where an experiment descends from", async () => {
  await seed(folder, async (storage) => {
    const first = await storage.createExperiment(sketch("exp"));
    const second = await storage.createExperiment(
      sketch("exp", { version: 2, parent: { experimentId: first.id, adapters: [] } }),
    );
    const adapters = [{ type: "dimensionaddition", param: "/z" }];
    await storage.createExperiment(sketch("exp", { version: 3, parent: { experimentId: second.id, adapters } }));
  });
  expect(block((await info("-n", "exp")).out, "Parent experiment")).toEqual([
    "root: exp-v1",
    "parent: exp-v2",
    'adapter: [{"type":"dimensionaddition","param":"/z"}]',
  ]);
  expect((await json("-n", "exp")).parent).toMatchObject({ parent: "exp-v2", adapters: [{ param: "/z" }] });
});

describe("of an experiment with trials", () => {
  beforeEach(() =>
    seed(folder, async (storage) => {
      const record = await storage.createExperiment(sketch("exp", { maxTrials: 2 }));
      await storage.insertTrials(record.id, [waiting("f")]);
      await breakOne(storage, record.id);
      await storage.insertTrials(record.id, [completed("a", 1e-5), completed("b", 2)]);
    }),
  );

  it("ends with what was reached", async () => {
    const stats = block((await info("-n", "exp")).out, "Stats");
    expect(stats.slice(0, 8)).toEqual([
      "completed: True",
      "trials completed: 2",
      "best trial:",
      `  id: ${idOf("a")}`,
      "  evaluation: 1e-05",
      "  params:",
      "    /kind: a",
      "    /x: 1e-05",
    ]);
    expect(stats[8]).toMatch(/^start time: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await json("-n", "exp")).stats).toMatchObject({
      completed: true,
      trialsCompleted: 2,
      best: { id: idOf("a"), objective: 1e-5, params: { "/kind": "a", "/x": 1e-5 } },
    });
  });

  it("says why trials are broken, and where to look", async () => {
    const lines = block((await info("-n", "exp")).out, "Broken trials");
    expect(lines.slice(0, 3)).toEqual([`${idOf("f")} (number 1):`, "  reason: exit code 3", "  exit code: 3"]);
    expect(lines[3]).toMatch(new RegExp(`^  directory: ${folder}/.*exp-v1.*${idOf("f")}$`));
    expect(lines.slice(4)).toEqual(["  stderr:", ...Array.from({ length: 10 }, (_, at) => `    line ${at + 20}`)]);
    const [broken] = (await json("-n", "exp")).brokenTrials;
    expect(broken).toMatchObject({ id: idOf("f"), number: 1, exitCode: 3, signal: null });
    expect(broken.stderr).toContain("line 0\n");
  });

  it("shows one trial by its number or the beginning of its id", async () => {
    const { out } = await info("-n", "exp", "--trial", "2");
    expect(out).toMatch(/^directory: .* \(removed since the trial is completed; --working-dir keeps it\)$/m);
    expect(block(out, "Trial").slice(0, 4)).toEqual([
      `id: ${idOf("a")}`,
      "number: 2",
      "status: completed",
      "reservations: 0",
    ]);
    expect(block(out, "Why this trial")).toEqual(["inserted by hand"]);
    expect(block(out, "Params")).toEqual(["/kind: a", "/x: 1e-05"]);
    expect(block(out, "Results")).toEqual(["loss (objective): 1e-05"]);
    for (const word of ["a", "AAA", idOf("a")]) {
      expect((await json("-n", "exp", "--trial", word)).id).toBe(idOf("a"));
    }
  });

  it("shows all that a broken trial left behind", async () => {
    expect((await info("-n", "exp", "--trial", "f")).out).toContain("(not there on this machine)");
    const failure = block((await info("-n", "exp", "--trial", "f")).out, "Failure");
    expect(failure.slice(0, 4)).toEqual(["reason: exit code 3", "exit code: 3", "stderr:", "  line 0"]);
    expect(failure).toHaveLength(33);
    expect(await json("-n", "exp", "--trial", "f")).toMatchObject({
      status: "broken",
      objective: null,
      results: [],
      failure: { exitCode: 3 },
      submitTime: expect.stringMatching(/Z$/),
      directory: expect.stringContaining(idOf("f")),
    });
  });

  it("refuses a trial that does not exist, or a beginning that is not enough", async () => {
    expect((await info("-n", "exp", "--trial", "99")).err).toContain('There is no trial "99" in exp-v1');
    await seed(folder, async (storage) => {
      const record = await storage.getExperiment("exp");
      await storage.insertTrials(record!.id, [{ ...waiting("a"), id: `aa${"b".repeat(30)}` }]);
    });
    const { code, err } = await info("-n", "exp", "--trial", "aa");
    expect(code).toBe(1);
    expect(err).toContain('Several trials of exp-v1 begin with "aa"');
  });
});

it("tells of the latest broken trials only, and counts the others", async () => {
  await seed(folder, async (storage) => {
    const record = await storage.createExperiment(sketch("exp", { maxBroken: 99 }));
    for (const digit of "1234567") {
      await storage.insertTrials(record.id, [waiting(digit)]);
      await breakOne(storage, record.id);
    }
  });
  const lines = block((await info("-n", "exp")).out, "Broken trials");
  expect(lines[0]).toBe("2 earlier ones: see orion status --all");
  expect(lines.filter((line) => line.includes("(number"))).toHaveLength(5);
});

it("of a trial says that a long history is read, which takes a while", async () => {
  await seed(folder, async (storage) => {
    const { id } = await storage.createExperiment(sketch("exp"));
    const trials = Array.from({ length: 10_000 }, (_, index) => ({
      id: index.toString(16).padStart(32, "0"),
      params: { "/kind": "b", "/x": index / 10_000 },
      workingDir: "",
    }));
    await storage.insertTrials(id, trials.slice(1));
    expect(await info("-n", "exp", "--trial", "9")).toMatchObject({ code: 0, err: "" });
    await storage.insertTrials(id, trials.slice(0, 1));
  });
  const { code, err } = await info("-n", "exp", "--trial", "9", "--json");
  expect(code).toBe(0);
  expect(err).toBe("Note: the history of 10000 trials is read, to compute the suggestion once more.\n");
  expect((await info("-n", "exp")).err).toBe("");
}, 60_000);

it("shows what ends the search or its trials early, where that is set", async () => {
  await seed(folder, async (storage) => {
    const { definition } = sketch("exp");
    await storage.createExperiment(sketch("plain"));
    await storage.createExperiment(
      sketch("exp", {
        definition: {
          ...definition,
          stopping: { name: "asha", options: { min_resource: 2 } },
          limits: { target: -0.5, patience: 20, seconds: 90.5, cost: 12 },
          metadata: { ...definition.metadata, objectivePattern: "loss: (\\S+)" },
        },
      }),
    );
  });
  expect(block((await info("-n", "exp")).out, "Config").slice(4)).toEqual([
    "stopping:",
    "    asha:",
    "        min_resource: 2",
    "target: -0.5",
    "patience: 20 trials",
    "max time: 90.5 s",
    "max cost: 12",
    "objective pattern: loss: (\\S+)",
  ]);
  expect(await json("-n", "exp")).toMatchObject({
    stopping: { asha: { min_resource: 2 } },
    target: -0.5,
    patience: 20,
    maxTime: 90.5,
    maxCost: 12,
    metadata: { objectivePattern: "loss: (\\S+)" },
  });
  expect(block((await info("-n", "plain")).out, "Config")).toHaveLength(4);
  expect(await json("-n", "plain")).toMatchObject({ stopping: null, target: null, patience: null, maxTime: null });
});
