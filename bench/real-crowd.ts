// Many workers in few processes, for `simulate.ts`: what the simulation says is held against them.
import { type ChildProcess, fork } from "node:child_process";
import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { defineAlgorithm } from "../src/algorithms/algorithm.js";
import { samplePrior } from "../src/algorithms/sample-prior.js";
import { openExperiment } from "../src/experiment/experiment.js";
import { openStorage } from "../src/storage/registry.js";
import { runWorker } from "../src/worker/run-worker.js";
import type { PostgresServer } from "../test/storage/postgres-server.js";

export interface RealCrowd {
  readonly workers: number;
  readonly trialMs: number;
  readonly basis: "index" | "history";
  readonly seconds: number;
}

export interface Measured {
  readonly trialsPerSecond: number;
  /** Processor time of the server per trial, in milliseconds. */
  readonly serverMs: number;
  /** The same of the workers. */
  readonly clientMs: number;
}

const processes = 2;

/** Random points, for which the history is read all the same. */
const reading = defineAlgorithm({
  name: "reading",
  summary: "Random search that reads the history.",
  paper: "",
  requires: {},
  defaults: {},
  basis: "history",
  suggest: ({ space, rng }) => ({ kind: "params", params: samplePrior(space, rng) }),
});

/** Workers whose trials do nothing but take their time, on one experiment for so many seconds. */
export async function measureCrowd(server: PostgresServer, crowd: RealCrowd): Promise<Measured> {
  const url = await server.createDatabase();
  await using storage = await openStorage(url);
  const { id } = await storage.createExperiment({
    name: "crowd",
    definition: {
      space: { "/x": "uniform(0, 1)", "/y": "loguniform(1e-05, 1)" },
      algorithm: { name: crowd.basis === "history" ? "reading" : "random", options: {} },
      seed: "1",
      direction: "minimize",
      metadata: { user: "", datetime: "", orionVersion: "", userArgs: [] },
    },
    maxTrials: 1e9,
    maxBroken: 1,
    workingDir: "",
  });
  const children = Array.from({ length: processes }, (_, index) =>
    fork(import.meta.filename, [url, JSON.stringify({ ...crowd, workers: crowd.workers / processes }), `${index}`], {
      execArgv: ["--import", "tsx"],
    }),
  );
  const tell = (word: string) => {
    for (const child of children) child.send(word);
  };
  const spent = async () => {
    const told = children.map(message);
    tell("spent");
    return (await Promise.all(told)).reduce((sum, ms) => sum + ms, 0);
  };
  await Promise.all(children.map(message));
  await pause(3000 + 2 * crowd.trialMs); // warm, and out of step
  const look = async () => ({
    at: performance.now(),
    completed: (await storage.summarize(id)).counts.completed,
    server: server.cpuMs(),
    client: await spent(),
  });
  const before = await look();
  await pause(1000 * crowd.seconds);
  const after = await look();
  const ended = children.map((child) => new Promise((resolve) => child.once("exit", resolve)));
  tell("stop");
  await Promise.all(ended);
  const trials = after.completed - before.completed;
  return {
    trialsPerSecond: (1000 * trials) / (after.at - before.at),
    serverMs: (after.server - before.server) / trials,
    clientMs: (after.client - before.client) / trials,
  };
}

function message(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the crowd ended with ${code}`));
    child.once("exit", onExit).once("message", (told) => {
      child.off("exit", onExit);
      resolve(Number(told));
    });
  });
}

async function play(url: string, { workers, trialMs }: RealCrowd, index: string): Promise<void> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // many workers listen to it
  process.on("message", (word) => {
    if (word === "stop") stop.abort();
    const { user, system } = process.cpuUsage();
    if (word === "spent") process.send!((user + system) / 1000);
  });
  const ends = Array.from({ length: workers }, async (_, number) => {
    await using storage = await openStorage(`${url}?pool=1&listen=off`);
    const record = (await storage.getExperiment("crowd"))!;
    const experiment = await openExperiment(storage, record, { atHand: [reading] });
    const ignore = () => {};
    await runWorker({
      experiment,
      worker: `bench:${process.pid}:0:0:0:${index}${number}`,
      evaluate: async () => {
        await pause(trialMs * (0.8 + 0.4 * Math.random()));
        return { kind: "completed", results: [{ name: "o", type: "objective", value: Math.random() }] };
      },
      nWorkers: 1,
      maxTrials: Number.POSITIVE_INFINITY,
      maxBroken: 1,
      heartbeatMs: 120_000,
      idleTimeoutMs: 60_000,
      signal: stop.signal,
      spoolOf: () => ({ name: "", folders: [] }),
      isGone: () => false,
      now: () => performance.now(),
      events: {
        started: ignore,
        ended: ignore,
        late: ignore,
        lost: ignore,
        trouble: console.error,
        recovered: ignore,
        failing: console.error,
        spooled: ignore,
        nowhere: ignore,
      },
    });
  });
  process.send!(0);
  await Promise.all(ends);
  process.disconnect();
}

if (process.send !== undefined)
  await play(process.argv[2]!, JSON.parse(process.argv[3]!) as RealCrowd, process.argv[4]!);
