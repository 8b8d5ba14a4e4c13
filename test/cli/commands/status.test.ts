import { spawn } from "node:child_process";
import { once } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import type { ExperimentRecord, Storage } from "../../../src/storage/storage.js";
import type { Failure } from "../../../src/trial/trial.js";
import { createWorkerId } from "../../../src/worker/worker-id.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, idOf, runOrion, seed, sketch, waiting } from "../fake-terminal.js";

let folder: string;
const status = (...words: string[]) => runOrion(["status", ...words], { folder });
const json = async (...words: string[]) => JSON.parse((await status(...words, "--json")).out);

beforeEach(() => {
  folder = temporaryFolder();
});

async function breakTrial(storage: Storage, record: ExperimentRecord, failure: Failure): Promise<void> {
  const reservation = await storage.reserveTrial(record.id, { worker: "w", leaseMs: 60_000, waitingOnly: true });
  if (reservation.kind !== "trial") throw new Error(reservation.kind);
  const { number, epoch } = reservation.trial;
  await storage.releaseTrial({ experimentId: record.id, number, epoch }, "broken", failure);
}

describe("without a history", () => {
  it("says that there is no experiment", async () => {
    expect(await status("-n", "x")).toMatchObject({ code: 0, out: "No experiment found\n" });
    expect(await json("-n", "x")).toEqual([]);
    expect((await status("-n", "x")).err).toMatch(/^There is no experiment "x"\.\nLooked in sqlite:/);
    expect((await status("-n", "x", "--json")).err).toBe('There is no experiment "x".\n');
    expect((await status("--json")).err).toBe("");
  });

  it("says that an experiment is empty", async () => {
    await seed(folder, (storage) => storage.createExperiment(sketch("exp")));
    expect((await status()).out).toBe("exp-v1\n======\nempty\n");
    expect((await status("--all")).out).toMatch(/^exp-v1\n======\n +trial +id +status\n(-+ {0,2}){3}\n +empty\n$/);
  });
});

describe("with trials", () => {
  beforeEach(() =>
    seed(folder, async (storage) => {
      const record = await storage.createExperiment(sketch("exp"));
      await storage.insertTrials(record.id, [waiting("f")]);
      await breakTrial(storage, record, { reason: "exit code 3", exitCode: 3, stderr: "Trace:\n  no GPU \n\n" });
      await storage.insertTrials(record.id, [completed("a", 0.1234567), completed("b", -0.5), waiting("e")]);
      await storage.insertTrials(record.id, [completed("c", Number.NaN)]);
    }),
  );

  it("counts them by status, with the best objective", async () => {
    expect((await status()).out).toBe(
      [
        "exp-v1",
        "======",
        "status       quantity    min loss",
        "---------  ----------  ----------",
        "broken              1",
        "completed           3        -0.5",
        "new                 1",
        "",
      ].join("\n"),
    );
  });

  it("lists them with their objective, and says why one is broken", async () => {
    const line = (...cells: string[]) => cells.join("  ").trimEnd();
    const dashes = (...widths: number[]) => widths.map((width) => "-".repeat(width)).join("  ");
    expect((await status("--all")).out.split("\n").slice(2)).toEqual([
      line("  trial", "id".padEnd(32), "status   ", "  min loss", "  kind", "       x", "remark"),
      dashes(7, 32, 9, 10, 6, 8, 19),
      line("      1", idOf("f"), "broken   ", "          ", "     b", "     0.5", "exit code 3: no GPU"),
      line("      2", idOf("a"), "completed", "  0.123457", "     a", "0.123457"),
      line("      3", idOf("b"), "completed", "      -0.5", "     a", "    -0.5"),
      line("      4", idOf("e"), "new      ", "          ", "     b", "     0.5"),
      line("      5", idOf("c"), "completed", "       nan", "     a", "     nan"),
      "",
    ]);
  });

  it("lists as much of them as a terminal is wide", async () => {
    const tableAt = async (width: number) => {
      const { out } = await runOrion(["status", "--all"], {
        folder,
        isInteractive: true,
        width,
        env: { NO_COLOR: "1" },
      });
      for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
      return out.split("\n").slice(2);
    };
    expect((await tableAt(40))[0]).toBe("  trial  id        status       min loss");
    expect((await tableAt(40))[2]).toBe("      1  ffffffff  broken");
    expect((await tableAt(80))[2]).toBe(
      "      1  ffffffff  broken                      b       0.5  exit code 3: no GPU",
    );
    expect((await tableAt(120))[2]).toContain(idOf("f"));
  });

  it("are not rounded in JSON, and what is not finite is null", async () => {
    const [{ trialList, ...entry }] = await json("--all");
    expect(entry).toEqual({
      name: "exp",
      version: 1,
      trials: { new: 1, reserved: 0, suspended: 0, completed: 3, interrupted: 0, broken: 1 },
      best: { id: idOf("b"), objective: -0.5, params: { "/kind": "a", "/x": -0.5 } },
    });
    expect(trialList).toHaveLength(5);
    expect(trialList[0]).toMatchObject({ status: "broken", failure: { exitCode: 3 }, objective: null });
    expect(trialList[1]).toEqual({
      number: 2,
      id: idOf("a"),
      status: "completed",
      objective: 0.1234567,
      params: { "/kind": "a", "/x": 0.1234567 },
      startTime: expect.stringMatching(/Z$/),
      endTime: expect.stringMatching(/Z$/),
    });
    expect(trialList[4].objective).toBeNull();
  });

  it("of a name that is not known are not shown", async () => {
    expect((await status("-n", "ex")).out).toBe("No experiment found\n");
  });

  it("are coloured on a terminal only, and not where colours are unwanted", async () => {
    const words = ["status"];
    expect((await runOrion(words, { folder, isInteractive: true })).out).toContain("\u001b[31mbroken");
    expect((await runOrion(words, { folder, isInteractive: true, env: { NO_COLOR: "1" } })).out).not.toContain(
      "\u001b",
    );
    expect((await runOrion(words, { folder })).out).not.toContain("\u001b");
  });
});

it("shows the largest objective where it is to be maximised", async () => {
  await seed(folder, async (storage) => {
    const { definition, ...rest } = sketch("up");
    const record = await storage.createExperiment({ ...rest, definition: { ...definition, direction: "maximize" } });
    await storage.insertTrials(record.id, [completed("a", 1), completed("b", 2)]);
  });
  expect((await status()).out).toMatch(/max loss\n.*\ncompleted +2 +2\n/);
});

it("says that a worker is gone, and that a trial was stopped early", async () => {
  const process = spawn("sleep", ["60"]);
  const gone = createWorkerId({ pid: process.pid!, nonce: "0".repeat(16) });
  process.kill("SIGKILL");
  await once(process, "exit");
  await seed(folder, async (storage) => {
    const record = await storage.createExperiment(sketch("exp"));
    await storage.insertTrials(record.id, [waiting("a"), waiting("b")]);
    const got = await storage.reserveTrial(record.id, { worker: "w", leaseMs: 60_000 });
    if (got.kind !== "trial") throw new Error(got.kind);
    const lease = { experimentId: record.id, number: got.trial.number, epoch: got.trial.epoch };
    await storage.addReports(lease, [
      { step: 1, value: 0.5 },
      { step: 2, value: 0.25 },
    ]);
    const results = [{ name: "loss", type: "objective" as const, value: 0.25 }];
    await storage.finishTrial(lease, results, { stoppedAt: 2 });
    await storage.reserveTrial(record.id, { worker: gone, leaseMs: 60_000 });
  });
  const { out } = await status("-a");
  expect(out).toMatch(/stopped early at step 2\n/);
  expect(out).toMatch(/reserved .*its worker is gone; the next hunt resumes it\n/);
  const info = (...words: string[]) => runOrion(["info", "-n", "exp", ...words], { folder });
  expect((await info("--trial", "1")).out).toMatch(/Reports\n=+\nstep 1: 0.5\nstep 2: 0.25\n/);
  expect((await info("--trial", "2")).out).toMatch(/owner: process \d+ on .* \(its worker is gone/);
  expect(JSON.parse((await info("--trial", "1", "--json")).out).reports).toEqual([
    { step: 1, value: 0.5 },
    { step: 2, value: 0.25 },
  ]);
});

it("says who holds a trial and for how long, who gives no sign of life, and with which signal a program was killed", async () => {
  await seed(folder, async (storage) => {
    const record = await storage.createExperiment(sketch("exp"));
    await storage.insertTrials(record.id, [waiting("a"), waiting("b"), waiting("c")]);
    await breakTrial(storage, record, { reason: "killed by SIGSEGV", signal: "SIGSEGV" });
    await storage.reserveTrial(record.id, { worker: "big%20box:99:1:2:3:4", leaseMs: 60_000 });
    await storage.reserveTrial(record.id, { worker: "far:98:1:2:3:4", leaseMs: -1 });
  });
  const { out } = await status("-a");
  expect(out).toMatch(/broken .* killed by SIGSEGV\n/);
  expect(out).toMatch(/reserved .* held by process 99 on big box for \d+\.\d s\n/);
  expect(out).toMatch(/reserved .* its worker gives no sign of life; the next hunt resumes it\n/);
  const [{ trialList }] = await json("-a");
  expect(trialList[1]).toMatchObject({ owner: expect.stringContaining(":99:"), startTime: expect.any(String) });
  const { out: info } = await runOrion(["info", "-n", "exp", "--trial", "3"], { folder });
  expect(info).toMatch(/owner: process 98 on far \(its worker gives no sign of life; the next hunt resumes it\)/);
});

describe("several versions and names", () => {
  beforeEach(() =>
    seed(folder, async (storage) => {
      const first = await storage.createExperiment(sketch("exp"));
      await storage.insertTrials(first.id, [completed("a", 1)]);
      const parent = { experimentId: first.id, adapters: [] };
      const second = await storage.createExperiment(sketch("exp", { version: 2, parent }));
      await storage.insertTrials(second.id, [completed("b", 2), waiting("c")]);
      const other = await storage.createExperiment(
        sketch("other", { parent: { experimentId: second.id, adapters: [] } }),
      );
      await storage.insertTrials(other.id, [completed("d", -3)]);
    }),
  );

  const titles = (text: string) => text.split("\n").filter((line) => /-v\d+$/.test(line));
  const versions = async (...words: string[]) =>
    (await json(...words)).map((entry: { name: string; version: number; trials: { completed: number } }) => [
      entry.name,
      entry.version,
      entry.trials.completed,
    ]);

  it("are shown by the newest version of each name", async () => {
    expect(titles((await status()).out)).toEqual(["exp-v2", "  other-v1"]);
    expect(await versions()).toEqual([
      ["exp", 2, 1],
      ["other", 1, 1],
    ]);
    expect(await versions("-n", "other")).toEqual([["other", 1, 1]]);
  });

  it("are all shown when asked for, children further in", async () => {
    const { out } = await status("--expand-versions");
    expect(titles(out)).toEqual(["exp-v1", "  exp-v2", "    other-v1"]);
    expect(out).toContain("\n\n\n  exp-v2\n  ======\n  status ");
  });

  it("are shown by version", async () => {
    expect(await versions("-v", "1")).toEqual([
      ["exp", 1, 1],
      ["other", 1, 1],
    ]);
    expect(await versions("-n", "exp", "-v", "1")).toEqual([["exp", 1, 1]]);
  });

  it("beyond the newest mean the newest, with a warning", async () => {
    const { out, err } = await status("-n", "exp", "-v", "7");
    expect(titles(out)).toEqual(["exp-v2"]);
    expect(err).toMatch(/no version 7 of "exp"/);
  });

  it("are put together, with the best trial of all", async () => {
    const [entry, ...more] = await json("--collapse");
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ name: "exp", version: 1, trials: { completed: 3, new: 1 }, best: { objective: -3 } });
    expect(await versions("-C", "-e")).toEqual([
      ["exp", 1, 3],
      ["exp", 2, 2],
      ["other", 1, 1],
    ]);
    expect(await versions("-C", "-n", "exp", "-v", "2")).toEqual([["exp", 2, 2]]);
  });

  it("cannot be put together by a version alone", async () => {
    const { code, err } = await status("-v", "1", "-C");
    expect(code).toBe(1);
    expect(err).toContain("Add -n NAME.");
  });
});
