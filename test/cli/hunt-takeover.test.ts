import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { type Desk, openDesk, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";

/** The n-th call waits for the file `go-n`, then reports n. */
const numbered = `#!/bin/sh
echo >> calls.txt
n=$(wc -l < calls.txt)
while [ ! -e go-$n ]; do sleep 0.02; done
echo "[{\\"name\\":\\"loss\\",\\"type\\":\\"objective\\",\\"value\\":$n}]" > "$ORION_RESULTS_PATH"
echo > end-$n
`;

async function openNumbered() {
  const desk = openDesk(temporaryFolder());
  desk.script("script.sh", numbered);
  const begun = (count: number) =>
    until(() => existsSync(join(desk.folder, "calls.txt")) && desk.read("calls.txt").length >= count);
  const ended = (number: number) => until(() => existsSync(join(desk.folder, `end-${number}`)));
  const hunt = (...options: (string | number)[]) =>
    desk.start(["hunt", "-n", "a", "--exp-max-trials", 1, "--heartbeat", 1, ...options, "./script.sh", prior]);
  return { desk, begun, ended, hunt };
}

async function onlyTrial(desk: Desk) {
  await using storage = await openStorage(desk.storage);
  const trials = await storage.listTrials((await storage.getExperiment("a"))!.id);
  expect(trials).toHaveLength(1);
  return trials[0]!;
}

describe("a worker that was stopped for longer than its lease", () => {
  it("keeps the result of its script beside that of the worker that took over", async () => {
    const { desk, begun, ended, hunt } = await openNumbered();
    const first = hunt();
    await begun(1);
    first.child.kill("SIGSTOP");
    const second = hunt();
    await begun(2);
    desk.file("go-1", "");
    await ended(1);
    desk.file("go-2", "");
    expect((await second.ended).code).toBe(0);
    first.child.kill("SIGCONT");
    const late = await first.ended;
    expect(late.code).toBe(0);
    expect(late.err).toContain("Trial 1 had ended before its results came; they are kept beside.");
    const trial = await onlyTrial(desk);
    expect(trial).toMatchObject({ status: "completed", objective: 2, epoch: 2 });
    expect(trial.lateResults).toMatchObject([[{ value: 1 }]]);
    expect(readdirSync(join(desk.env.HOME!, ".cache"))).toEqual([]);
  }, 30_000);

  it("keeps it even when the script had opened its file before the other worker removed the directory", async () => {
    const { desk, begun, ended, hunt } = await openNumbered();
    const late = numbered.replace('> "$ORION_RESULTS_PATH"', ">&3");
    desk.script("script.sh", late.replace("echo >> calls.txt", 'exec 3> "$ORION_RESULTS_PATH"\necho >> calls.txt'));
    const first = hunt();
    await begun(1);
    first.child.kill("SIGSTOP");
    const second = hunt();
    await begun(2);
    desk.file("go-2", "");
    expect((await second.ended).code).toBe(0);
    desk.file("go-1", "");
    await ended(1);
    first.child.kill("SIGCONT");
    expect((await first.ended).err).toContain("they are kept beside.");
    expect((await onlyTrial(desk)).lateResults).toMatchObject([[{ value: 1 }]]);
    expect(readdirSync(join(desk.env.HOME!, ".cache"))).toEqual([]);
  }, 30_000);

  it("stops its script when the trial is somebody else's, and says so", async () => {
    const { desk, begun, hunt } = await openNumbered();
    const first = hunt();
    await begun(1);
    first.child.kill("SIGSTOP");
    const second = hunt();
    await begun(2);
    const noticed = new Promise<void>((resolve) => {
      first.child.stderr!.on("data", (text) => String(text).includes("taken over") && resolve());
    });
    first.child.kill("SIGCONT");
    await noticed;
    desk.file("go-2", "");
    expect((await second.ended).code).toBe(0);
    const { code, err } = await first.ended;
    expect(code).toBe(0);
    expect(err).toContain("Trial 1 was taken over by another worker");
    expect(await onlyTrial(desk)).toMatchObject({ status: "completed", objective: 2, lateResults: [] });
    expect(existsSync(join(desk.folder, "end-1"))).toBe(false);
  }, 30_000);
});

describe("a worker whose database is away when its script ends", () => {
  it("keeps the result in a file, which the next hunt hands in", async () => {
    const { desk, begun, ended, hunt } = await openNumbered();
    const run = hunt();
    await begun(1);
    const path = desk.storage.slice("sqlite:".length);
    const files = ["", "-wal", "-shm"].filter((ending) => existsSync(path + ending));
    for (const ending of files) renameSync(path + ending, `${path}.away${ending}`);
    desk.file("go-1", "");
    await ended(1);
    const root = join(desk.env.HOME!, ".cache/orion");
    const spooled = () =>
      readdirSync(root, { recursive: true }).filter((name) => String(name).endsWith(".result.json"));
    await until(() => spooled().length === 1);
    run.child.kill("SIGTERM");
    const { code, err } = await run.ended;
    expect(code).toBe(130);
    expect(err).toMatch(/The results of trial 1 are kept in .*\.result\.json; the next hunt hands them in/);
    for (const ending of files) renameSync(`${path}.away${ending}`, path + ending);

    const next = await desk.orion("hunt", "-n", "a");
    expect(next).toMatchObject({ code: 0, err: expect.stringContaining("Handed in the results of a trial") });
    expect(desk.read("calls.txt")).toBe("\n");
    expect(await onlyTrial(desk)).toMatchObject({ status: "completed", objective: 1 });
    expect(existsSync(root) ? spooled() : []).toEqual([]);
  }, 30_000);
});

describe("a worker for which nothing is left while another one works", () => {
  it("leaves after the idle timeout, exits 0 and says who does the rest", async () => {
    const { desk, begun, hunt } = await openNumbered();
    const busy = hunt();
    await begun(1);
    const idle = await desk.orion("hunt", "-n", "a", "--idle-timeout", 0);
    expect(idle.code).toBe(0);
    expect(idle.out).toContain("The last trial is running in other workers, which go on without this one.");
    expect(await desk.json("hunt", "-n", "a", "--idle-timeout", 0)).toMatchObject({ end: "left-to-others" });
    desk.file("go-1", "");
    expect((await busy.ended).code).toBe(0);
  }, 30_000);

  it("goes on when the limit is raised meanwhile", async () => {
    const { desk, begun, hunt } = await openNumbered();
    const run = hunt();
    await begun(1);
    expect((await desk.orion("hunt", "-n", "a", "--exp-max-trials", 2, "--init-only")).code).toBe(0);
    for (const number of [1, 2]) desk.file(`go-${number}`, "");
    const { code, err } = await run.ended;
    expect(code).toBe(0);
    expect(err).toContain("2/2 completed");
  }, 30_000);

  it("ends with one line when its experiment was removed", async () => {
    const { desk, begun, hunt } = await openNumbered();
    const run = hunt();
    await begun(1);
    expect((await desk.orion("db", "rm", "-f", "a")).code).toBe(0);
    desk.file("go-1", "");
    const { code, err } = await run.ended;
    expect(code).toBe(1);
    expect(err).toMatch(/Error: Experiment "a" version 1 is not in .* any more/);
    expect(err).not.toMatch(/^ +at /m);
  }, 30_000);
});
