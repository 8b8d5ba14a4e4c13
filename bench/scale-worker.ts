// One process of `scale.ts`. Its words: URL of the storage, number of the experiment, milliseconds that a trial sleeps,
// trials at once. It says "ready", waits for "go", works until the budget is used up, and tells what it saw.
//
// With a sleep it is a worker of the library, which calls an asynchronous function; without, it only creates and completes
// trials, as fast as the storage does that.
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { openExperiment } from "../src/experiment/experiment.js";
import { openStorage } from "../src/storage/registry.js";
import type { Storage } from "../src/storage/storage.js";
import type { Result, Trial } from "../src/trial/trial.js";
import { runWorker } from "../src/worker/run-worker.js";
import type { Verdict } from "../src/worker/verdict.js";
import { createWorkerId, isGone } from "../src/worker/worker-id.js";

/** What a process tells at its end; times in milliseconds. */
export interface Told {
  readonly completed: number;
  readonly cpuMs: number;
  readonly reserve: readonly number[];
  readonly finish: readonly number[];
  /** From the end of a trial to the start of the next one. */
  readonly between: readonly number[];
}

const [url = "", experimentId = "", sleep = "", places = ""] = process.argv.slice(2);
const sleepMs = Number(sleep);
const worker = createWorkerId({ pid: process.pid, nonce: randomBytes(8).toString("hex") });
const reserve: number[] = [];
const finish: number[] = [];
const between: number[] = [];

await using opened = await openStorage(url);
const storage: Storage = {
  ...opened,
  reserveTrial: (...words) => timed(reserve, opened.reserveTrial(...words)),
  finishTrial: (...words) => timed(finish, opened.finishTrial(...words)),
};
const record = (await storage.listExperiments()).find(({ id }) => id === Number(experimentId))!;
const experiment = await openExperiment(storage, record);
await said("ready");
const before = process.cpuUsage();
if (sleepMs > 0) await workAsLibrary();
else await createAndComplete();
const { user, system } = process.cpuUsage(before);
// Until it is let go, so that the server's sessions are still there.
await said({ completed: finish.length, cpuMs: (user + system) / 1000, reserve, finish, between } satisfies Told);
process.disconnect();

async function timed<T>(times: number[], work: Promise<T>): Promise<T> {
  const began = performance.now();
  const value = await work;
  times.push(performance.now() - began);
  return value;
}

/** Say something, and wait for an answer. */
function said(what: unknown): Promise<unknown> {
  const answered = new Promise((resolve) => process.once("message", resolve));
  process.send!(what);
  return answered;
}

async function workAsLibrary(): Promise<void> {
  const ended: number[] = []; // which place goes on does not matter to the distribution
  const evaluate = async (trial: Trial): Promise<Verdict> => {
    const before = ended.shift();
    if (before !== undefined) between.push(performance.now() - before);
    await pause(sleepMs);
    ended.push(performance.now());
    return { kind: "completed", results: resultsOf(trial.number) };
  };
  const quiet = () => {};
  const trouble = (error: unknown) => console.error(error);
  const told = { started: quiet, ended: quiet, late: quiet, lost: quiet };
  const events = { ...told, trouble, recovered: quiet, failing: trouble, spooled: quiet, nowhere: quiet };
  await runWorker({
    experiment,
    worker,
    evaluate,
    events,
    nWorkers: Number(places),
    maxTrials: Number.POSITIVE_INFINITY,
    maxBroken: 1,
    heartbeatMs: 120_000,
    idleTimeoutMs: 60_000,
    signal: new AbortController().signal,
    spoolOf: ({ id }) => ({ name: id, folders: [tmpdir()] }),
    isGone,
    now: () => performance.now(),
  });
}

async function createAndComplete(): Promise<void> {
  const suggest = (number: number) => ({
    id: String(number).padStart(32, "0"),
    params: { "/x": number },
    workingDir: "",
    basisRevision: 0,
    attempt: 0,
  });
  const take = () => storage.reserveTrial(record.id, { worker, leaseMs: 60_000, suggest });
  let got = await take();
  while (got.kind === "trial" || got.kind === "slot") {
    const lease = got.kind === "trial" ? got.trial : got.slot;
    if (got.kind === "slot") await storage.fillSlot(got.slot, suggest(got.slot.number));
    // As a worker does it: the end of a trial and the next one in the same turn of the event loop.
    const finished = storage.finishTrial(lease, resultsOf(lease.number));
    [got] = await Promise.all([take(), finished]);
  }
}

function resultsOf(value: number): Result[] {
  return [{ name: "o", type: "objective", value }];
}
