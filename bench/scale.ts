// 1 to 64 processes of the library on one database, with trials that sleep, and with trials that do nothing; Optuna's
// `study.optimize` beside them, where there is one. All processes are up before the clock starts.
//
// `node --import tsx bench/scale.ts --processes 1,4 --storages sqlite --sleep 50,0 --peer none`
// `node --import tsx bench/scale.ts --processes 1,4 --places 16 --sleep 50 --peer none`
import { type ChildProcess, fork, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { openStorage } from "../src/storage/registry.js";
import { startPostgres } from "../test/storage/postgres-server.js";
import { beginTable, describeMachine, openLaboratory } from "./laboratory.js";
import { findOptuna } from "./optuna.js";
import type { Told } from "./scale-worker.js";

const { values: given } = parseArgs({
  options: {
    processes: { type: "string", default: "1,4,16,64" },
    storages: { type: "string", default: "sqlite,postgres" },
    sleep: { type: "string", default: "50,0" },
    /** Trials that each process evaluates at once, where they sleep; a process of Optuna has one. */
    places: { type: "string", default: "1" },
    /** For each place. */
    trials: { type: "string", default: "40" },
    peer: { type: "string", default: "optuna" },
  },
});
const counts = given.processes.split(",").map(Number);
const kinds = given.storages.split(",");
const places = Number(given.places);
const each = Number(given.trials);
/** Where many wait for one lock this keeps a measurement short; the rate is that of the trials which ended. */
const patienceSeconds = 60;

await using server = kinds.includes("postgres") ? await startPostgres({ isDurable: true }) : undefined;
const optuna = given.peer === "none" ? undefined : findOptuna();
// Sixty-four processes start in a third of the time from one file.
const workerFile = join(import.meta.dirname, "../node_modules/.cache/orion-bench/scale-worker.mjs");
await build({
  entryPoints: [join(import.meta.dirname, "scale-worker.ts")],
  outfile: workerFile,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  external: ["@photostructure/sqlite", "pg", "yaml"],
  logLevel: "error",
});

console.log(describeMachine());
for (const sleepMs of given.sleep.split(",").map(Number)) {
  const printRow = beginTable(titleOf(sleepMs), [
    "processes",
    "storage",
    "trials",
    ...(sleepMs > 0 ? ["of the ideal", "between two trials p50 / p99"] : []),
    "reserve p50 / p99",
    "finish p50 / p99",
    "CPU of a worker",
    "CPU of the server",
    "completed of",
  ]);
  for (const processes of counts) {
    for (const kind of kinds) printRow(rowOf(processes, kind, sleepMs, await measureOrion(processes, kind, sleepMs)));
    if (sleepMs === 0 || optuna === undefined) continue;
    for (const kind of ["sqlite", "journal"]) {
      printRow(rowOf(processes, `optuna ${kind}`, sleepMs, await measureOptuna(processes, kind, sleepMs)));
    }
  }
}

function titleOf(sleepMs: number): string {
  if (sleepMs === 0) return "Throughput (trials that do nothing, durable commits on PostgreSQL)";
  const peer = optuna === undefined ? "no Optuna is installed here" : `Optuna ${optuna.version}, random sampling`;
  const workers = places === 1 ? "process" : `of ${places} places of a process`;
  return `Scale (trials that sleep ${sleepMs} ms, ${each} for each ${workers}; ${peer})`;
}

interface Measured {
  /** From "go" to the end of the last process. */
  readonly seconds: number;
  readonly budget: number;
  readonly completed: number;
  readonly told: readonly Told[];
  readonly serverCpuMs?: number;
  /** Processes that gave up. */
  readonly failures?: number;
}

async function measureOrion(processes: number, kind: string, sleepMs: number): Promise<Measured> {
  const budget = sleepMs > 0 ? each * processes * places : Math.max(2000, each * processes);
  using lab = openLaboratory(kind === "postgres" ? await server!.createDatabase() : undefined);
  await using storage = await openStorage(lab.storage);
  const metadata = { user: "", datetime: "", orionVersion: "", userArgs: [] };
  const algorithm = { name: "random", options: {} };
  const { id } = await storage.createExperiment({
    name: "s",
    definition: {
      space: { "/x": "uniform(0, 1, precision=None)" },
      algorithm,
      seed: "1",
      direction: "minimize",
      metadata,
    },
    maxTrials: budget,
    maxBroken: 1,
    workingDir: "",
  });
  const words = [lab.storage, String(id), String(sleepMs), String(places)];
  const workers = Array.from({ length: processes }, () => fork(workerFile, words));
  await Promise.all(workers.map(message)); // all are connected
  const served = server?.cpuMs() ?? 0;
  const began = performance.now();
  for (const worker of workers) worker.send("go");
  const told = (await Promise.all(workers.map(message))) as Told[];
  const seconds = (performance.now() - began) / 1000;
  const serverCpuMs = (server?.cpuMs() ?? 0) - served;
  for (const worker of workers) worker.send("bye");
  const { completed } = (await storage.summarize(id)).counts;
  return { seconds, budget, completed, told, ...(kind === "postgres" ? { serverCpuMs } : {}) };
}

async function measureOptuna(processes: number, kind: string, sleepMs: number): Promise<Measured> {
  const budget = each * processes;
  using lab = openLaboratory();
  const words = [kind, join(lab.folder, "storage"), String(budget), String(sleepMs), String(patienceSeconds)];
  const start = () =>
    spawn(optuna!.python, [join(import.meta.dirname, "scale-optuna.py"), ...words], {
      stdio: ["pipe", "pipe", "inherit"],
    });
  const first = linesOf(start()); // makes the tables: many at once would collide
  const peers = [first];
  await first.next();
  for (let count = 1; count < processes; count++) peers.push(linesOf(start()));
  await Promise.all(peers.slice(1).map((peer) => peer.next()));
  const began = performance.now();
  for (const peer of peers) peer.go();
  const ends = await Promise.all(peers.map((peer) => peer.next()));
  const seconds = (performance.now() - began) / 1000;
  const told = ends.map((text) => JSON.parse(text) as Told & { error: string | null });
  const completed = told.reduce((sum, one) => sum + one.completed, 0);
  return { seconds, budget, completed, told, failures: told.filter(({ error }) => error !== null).length };
}

function rowOf(processes: number, storage: string, sleepMs: number, measured: Measured): string[] {
  const { told, completed, budget, seconds, failures = 0 } = measured;
  const spread = (what: "reserve" | "finish" | "between") => {
    const all = told.flatMap((one) => one[what] ?? []).sort((a, b) => a - b);
    const at = (part: number) => all[Math.floor((all.length - 1) * part)]!.toFixed(1);
    return all.length === 0 ? "" : `${at(0.5)} / ${at(0.99)} ms`;
  };
  const rate = completed / seconds;
  const perTrial = (ms: number | undefined) => (ms === undefined ? "" : `${(ms / completed).toFixed(2)} ms`);
  return [
    String(processes),
    storage,
    `${rate.toFixed(0)}/s`,
    ...(sleepMs > 0 ? [(rate / ((1000 * processes * placesOf(storage)) / sleepMs)).toFixed(2), spread("between")] : []),
    spread("reserve"),
    spread("finish"),
    perTrial(told.reduce((sum, one) => sum + one.cpuMs, 0)),
    perTrial(measured.serverCpuMs),
    `${completed} of ${budget}${failures === 0 ? "" : `, ${failures} processes failed`}`,
  ];
}

function placesOf(storage: string): number {
  return storage.startsWith("optuna") ? 1 : places;
}

function message(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve).once("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
  });
}

/** A process that says lines, and goes on when it is told to. */
function linesOf(child: ChildProcess): { next(): Promise<string>; go(): void } {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("Optuna ended before its time.");
      return value;
    },
    go: () => void child.stdin!.end("go\n"),
  };
}
