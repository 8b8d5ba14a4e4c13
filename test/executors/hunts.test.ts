import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { type Desk, isAlive, ledgerScript, openDesk, readCalls, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";
import { type Cluster, type ClusterName, clusterNames, clusters, skipped } from "./clusters.js";
import { startDask } from "./dask-cluster.js";

// Real clusters take their time on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const present = clusterNames.filter((name) => clusters[name].whyNot === undefined);
const opened = new Map<ClusterName, Cluster>();
beforeAll(async () => {
  await Promise.all(present.map(async (name) => opened.set(name, await clusters[name].start())));
});
afterAll(async () => {
  await Promise.all([...opened.values()].map((cluster) => cluster[Symbol.asyncDispose]()));
});

function wordsOf(name: ClusterName, more: Readonly<Record<string, unknown>> = {}): string[] {
  const options = Object.entries({ ...opened.get(name)!.configuration, ...more });
  return ["--executor", name, "--executor-configuration", options.map(([key, value]) => `${key}=${value}`).join(",")];
}

const environment = () => Object.assign({}, ...[...opened.values()].map((cluster) => cluster.environment));

/** A desk with an experiment "a" whose script waits for the file `go`, and `hunt` to be a worker of it. */
async function openExperiment({ budget, body = "" }: { readonly budget: number; readonly body?: string }) {
  const desk = openDesk(temporaryFolder());
  const words = ["hunt", "-n", "a", "--exp-max-trials", budget, "--heartbeat", 5];
  const command = [desk.script("s.sh", ledgerScript(body)), "-x~uniform(0, 1)"];
  expect(await desk.orion(...words, "--init-only", ...command)).toMatchObject({ code: 0 });
  const hunt = (...more: (string | number)[]) => desk.start([...words, ...more, ...command], environment());
  return { desk, hunt, begun: (count: number) => begun(desk, count) };
}

const begun = (desk: Desk, count: number) =>
  until(() => {
    try {
      return begins(desk).length >= count;
    } catch {
      return false; // none yet
    }
  });
const begins = (desk: Desk) => readCalls(desk).filter(({ what }) => what === "begin");

const waitForGo = "while [ ! -e go ]; do sleep 0.02; done";

async function expectExactly(desk: Desk, budget: number): Promise<void> {
  await using storage = await openStorage(desk.storage);
  const trials = await storage.listTrials((await storage.getExperiment("a"))!.id);
  expect(trials.map(({ status }) => status)).toEqual(Array(budget).fill("completed"));
  const ended = readCalls(desk).filter(({ what }) => what === "end");
  expect(ended.map(({ trial }) => trial).sort()).toEqual(trials.map(({ id }) => id).sort());
}

it(`hunts at once, on ${["inline", "joblib", ...present].join(", ")}, share one budget exactly`, async () => {
  const { desk, hunt } = await openExperiment({ budget: 24, body: "sleep 0.2" });
  const choices = [["--executor", "inline"], ["--executor", "joblib"], ...present.map((name) => wordsOf(name))];
  const hunts = choices.map((words) => hunt("--n-workers", 2, ...words));
  for (const { ended } of hunts) expect(await ended).toMatchObject({ code: 0 });
  await expectExactly(desk, 24);
});

describe.each(clusterNames)("a hunt on %s", (name) => {
  const isMissing = clusters[name].whyNot !== undefined;

  it.skipIf(isMissing)(`that is interrupted ends its programs${skipped(name)}`, async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 2, body: waitForGo });
    const running = hunt("--n-workers", 2, ...wordsOf(name));
    await begun(2);
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
    desk.file("go", "");
    expect(readCalls(desk).filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(readCalls(desk).filter(({ what }) => what === "end")).toEqual([]);
  });

  it.skipIf(isMissing)(`stops a trial early by what it reports${skipped(name)}`, async () => {
    const desk = openDesk(temporaryFolder());
    const script = desk.script(
      "train.sh",
      `#!/bin/sh
trap 'cp "$ORION_STOP_PATH" why.txt; exit 1' TERM
echo "1 0.4" >> "$ORION_REPORT_PATH"
echo "2 0.75" >> "$ORION_REPORT_PATH"
while :; do sleep 0.02; done
`,
    );
    const words = ["hunt", "-n", "early", "--exp-max-trials", 1, "--stopping", "threshold:upper=0.5"];
    const { code } = await desk.start([...words, ...wordsOf(name), script, "-x~uniform(0, 1)"], environment()).ended;
    expect(code).toBe(0);
    const [{ trialList }] = await desk.json("status", "-n", "early", "--all");
    expect(trialList).toMatchObject([{ status: "completed", objective: 0.75 }]);
    expect(desk.read("why.txt")).toMatch(/is above 0.5/);
  });
});

describe.skipIf(clusters.dask.whyNot !== undefined)(`on Dask${skipped("dask")}`, () => {
  it("a hunt ends with exactly its budget though a worker of the cluster is killed in mid-trial", async () => {
    const python = opened.get("dask")!.configuration.python as string;
    await using cluster = await startDask(python);
    const { desk, hunt, begun } = await openExperiment({ budget: 8, body: waitForGo });
    const running = hunt("--n-workers", 8, ...wordsOf("dask", { address: cluster.address }));
    await begun(4); // a worker has four threads; which of them Dask gives the others to is its own affair
    const [worker, other] = cluster.workers;
    worker!.kill("SIGKILL");
    // Its programs die with it, and run again on the other one.
    await until(() => begins(desk).every(({ pid }) => !isAlive(pid) || parentOf(pid) === other!.pid));
    desk.file("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 8);
  });
});

describe.skipIf(clusters.ray.whyNot !== undefined)(`on Ray${skipped("ray")}`, () => {
  it("a hunt ends with exactly its budget though a worker of the cluster is killed in mid-trial", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 3, body: waitForGo });
    const running = hunt("--n-workers", 3, ...wordsOf("ray"));
    await begun(3);
    const { pid } = readCalls(desk)[0]!;
    process.kill(parentOf(pid)!, "SIGKILL");
    await until(() => !isAlive(pid)); // with its worker
    await begun(4); // on another one
    desk.file("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 3);
  });
});

describe.skipIf(clusters.slurm.whyNot !== undefined)(`on Slurm${skipped("slurm")}`, () => {
  const tool = (name: string, ...words: string[]) =>
    execFileSync(name, words, { env: { ...process.env, ...environment() }, encoding: "utf8" });
  const squeue = (...words: string[]) =>
    tool("squeue", "--me", "-h", "-r", "-o", "%i", ...words)
      .split("\n")
      .filter((line) => line !== "");
  const runningJobs = () => squeue("-t", "RUNNING");

  it("a hunt ends with exactly its budget though a job is cancelled in mid-trial", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 3, body: waitForGo });
    const running = hunt("--n-workers", 3, ...wordsOf("slurm"));
    await begun(3);
    tool("scancel", runningJobs()[0]!);
    await begun(4); // it was handed in again
    desk.file("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 3);
  });

  it("a hunt ends with exactly its budget though its jobs are preempted by a more urgent one", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 2, body: waitForGo });
    const running = hunt("--n-workers", 2, ...wordsOf("slurm"));
    await begun(2);
    tool("sbatch", "--partition=urgent", "--exclusive", "--output=/dev/null", "--wrap=true");
    await begun(4); // Slurm has put them back, or they were handed in again
    desk.file("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 2);
  });

  it("a hunt that is killed leaves its jobs at work, and the next one takes them over", async () => {
    const { desk, hunt, begun } = await openExperiment({ budget: 2, body: waitForGo });
    const first = hunt("--n-workers", 2, ...wordsOf("slurm"));
    await begun(2);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(runningJobs()).toHaveLength(2);
    const second = hunt("--n-workers", 2, ...wordsOf("slurm"));
    desk.file("go", "");
    expect(await second.ended).toMatchObject({ code: 0 });
    await expectExactly(desk, 2);
    expect(begins(desk)).toHaveLength(2);
  });

  it("a program that is killed leaves the calls of its function at work, and the next one takes them over", async () => {
    const desk = openDesk(temporaryFolder());
    const program = functionProgram(desk, opened.get("slurm")!);
    const env = { ...desk.env, ...environment() };
    const start = () => spawn(process.execPath, [program], { cwd: desk.folder, env, stdio: "inherit" });
    const first = start();
    await begun(desk, 2);
    first.kill("SIGKILL");
    await once(first, "exit");
    expect(runningJobs()).toHaveLength(2);
    const second = start();
    desk.file("go", "");
    const [code] = await once(second, "exit");
    expect(code).toBe(0);
    expect(begins(desk)).toHaveLength(2);
    await using storage = await openStorage(desk.storage);
    const { id } = (await storage.getExperiment("a"))!;
    const trials = await storage.listTrials(id);
    expect(trials).toMatchObject(Array(2).fill({ status: "completed", objective: 7, epoch: 2 }));
    // What they reported before their first worker died counts too.
    const { reports } = await storage.readReports(id, 0);
    expect(reports.map(({ step }) => step).sort()).toEqual([1, 1, 2, 2]);
  });
});

/** Of a program that evaluates a function on a cluster with the library; returns its path. */
function functionProgram(desk: Desk, { configuration }: Cluster): string {
  desk.file(
    "objective.mjs",
    `import { appendFileSync, existsSync } from "node:fs";
export default async (_, { id }, run) => {
  run.report(1, 9);
  appendFileSync("calls.txt", \`begin \${id} - \${process.pid}\\n\`);
  while (!existsSync("go")) await new Promise((go) => setTimeout(go, 20));
  run.report(2, 8);
  return 7;
};
`,
  );
  const library = pathToFileURL(resolve(import.meta.dirname, "../../dist/index.js")).href;
  return desk.file(
    "work.mjs",
    `import { createExperiment } from ${JSON.stringify(library)};
const executor = { name: "slurm", configuration: ${JSON.stringify(configuration)} };
const client = await createExperiment({ name: "a", space: { x: "uniform(0, 1)" }, maxTrials: 2, executor });
await client.workon(new URL("./objective.mjs", import.meta.url), { nWorkers: 2 });
await client.close();
`,
  );
}

/** Undefined when it has ended. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.replace(/^.*\) /s, "").split(" ")[1]);
  } catch {
    return undefined;
  }
}
