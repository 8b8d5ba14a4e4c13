import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { type Desk, isAlive, ledgerScript, openDesk, readCalls, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";
import { type DaskCluster, startDask } from "./dask-cluster.js";
import { findPython } from "./find-python.js";
import { type SlurmCluster, startSlurm, whyNoSlurm } from "./slurm-cluster.js";

const python = findPython("distributed");
const noDask = python === undefined ? " (skipped: no Python here has distributed)" : "";
const whyNot = whyNoSlurm();
const noSlurm = whyNot === undefined ? "" : ` (skipped: ${whyNot})`;

// Real clusters take their time on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let dask: DaskCluster | undefined;
let slurm: SlurmCluster | undefined;
beforeAll(async () => {
  [dask, slurm] = await Promise.all([
    python === undefined ? undefined : startDask(python),
    whyNot === undefined ? startSlurm() : undefined,
  ]);
});
afterAll(async () => {
  await Promise.all([dask?.[Symbol.asyncDispose](), slurm?.[Symbol.asyncDispose]()]);
});

const daskWords = () => ["--executor", "dask", "--executor-configuration", `python=${python},address=${dask!.address}`];
const slurmWords = ["--executor", "slurm", "--executor-configuration", "poll_interval=0.5"];
const slurmEnv = () => ({ SLURM_CONF: slurm?.configuration ?? "" });

/** A desk with an experiment "a" whose script waits for the file `go`, and `hunt` to be a worker of it. */
async function openExperiment({ budget, body = "" }: { readonly budget: number; readonly body?: string }) {
  const desk = openDesk(temporaryFolder());
  const words = ["hunt", "-n", "a", "--exp-max-trials", budget, "--heartbeat", 5];
  const command = [desk.script("s.sh", ledgerScript(body)), "-x~uniform(0, 1)"];
  expect(await desk.orion(...words, "--init-only", ...command)).toMatchObject({ code: 0 });
  const hunt = (...more: (string | number)[]) => desk.start([...words, ...more, ...command], slurmEnv());
  const begun = (count: number) =>
    until(() => {
      try {
        return readCalls(desk).length >= count;
      } catch {
        return false; // none yet
      }
    });
  return { desk, hunt, begun };
}

const waitForGo = "while [ ! -e go ]; do sleep 0.02; done";

async function expectExactly(desk: Desk, budget: number): Promise<void> {
  await using storage = await openStorage(desk.storage);
  const trials = await storage.listTrials((await storage.getExperiment("a"))!.id);
  expect(trials.map(({ status }) => status)).toEqual(Array(budget).fill("completed"));
  const ended = readCalls(desk).filter(({ what }) => what === "end");
  expect(ended.map(({ trial }) => trial).sort()).toEqual(trials.map(({ id }) => id).sort());
}

it.skipIf(python === undefined || whyNot !== undefined)(
  `four hunts at once, each with another executor, share one budget exactly${noDask}${noSlurm}`,
  async () => {
    const { desk, hunt } = await openExperiment({ budget: 24, body: "sleep 0.2" });
    const choices = [["--executor", "inline"], ["--executor", "joblib"], daskWords(), slurmWords];
    const hunts = choices.map((words) => hunt("--n-workers", 2, ...words));
    for (const { ended } of hunts) expect(await ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 24);
  },
);

describe.skipIf(python === undefined)(`a hunt on Dask${noDask}`, () => {
  it("ends with exactly its budget though a worker of the cluster is killed in mid-trial", async () => {
    await using cluster = await startDask(python!);
    const words = ["--executor", "dask", "--executor-configuration", `python=${python},address=${cluster.address}`];
    const { desk, hunt, begun } = await openExperiment({ budget: 8, body: waitForGo });
    const running = hunt("--n-workers", 8, ...words);
    await begun(8); // on both workers, which have four threads each
    cluster.workers[0]!.kill("SIGKILL");
    // Its programs die with it, and run again on the other one when that has room.
    await until(() => readCalls(desk).filter(({ pid }) => !isAlive(pid)).length === 4);
    desk.file("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 8);
  });

  it("that is interrupted ends its programs", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 2, body: waitForGo });
    const running = hunt("--n-workers", 2, ...daskWords());
    await begun(2);
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
    desk.file("go", "");
    expect(readCalls(desk).filter(({ what }) => what === "end")).toEqual([]);
  });
});

describe.skipIf(whyNot !== undefined)(`a hunt on Slurm${noSlurm}`, () => {
  const squeue = () =>
    execFileSync("squeue", ["--me", "-h", "-r", "-t", "RUNNING", "-o", "%i"], {
      env: { ...process.env, ...slurmEnv() },
      encoding: "utf8",
    })
      .split("\n")
      .filter((line) => line !== "");

  it("ends with exactly its budget though a job is cancelled in mid-trial", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 3, body: waitForGo });
    const running = hunt("--n-workers", 3, ...slurmWords);
    await begun(3);
    execFileSync("scancel", [squeue()[0]!], { env: { ...process.env, ...slurmEnv() } });
    await begun(4); // it was handed in again
    desk.file("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 3);
  });

  it("that is killed leaves its jobs at work, and the next one takes them over", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 2, body: waitForGo });
    const first = hunt("--n-workers", 2, ...slurmWords);
    await begun(2);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(squeue()).toHaveLength(2);
    const second = hunt("--n-workers", 2, ...slurmWords);
    desk.file("go", "");
    expect(await second.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 2);
    expect(readCalls(desk).filter(({ what }) => what === "begin")).toHaveLength(2);
  });

  it("that is interrupted cancels its jobs", async () => {
    const { hunt, begun } = await openExperiment({ budget: 2, body: waitForGo });
    const running = hunt("--n-workers", 2, ...slurmWords);
    await begun(2);
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
    expect(squeue()).toEqual([]);
  });
});
