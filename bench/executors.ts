// What an evaluation costs on each executor, beside the bare tool that it is built on: an empty one, alone and many.
import { type ChildProcess, execFileSync, fork, spawn, spawnSync } from "node:child_process";
import { on, once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Piscina } from "piscina";
import workerpool from "workerpool";
import type { Executor } from "../src/executors/executor.js";
import { openExecutor, resolveExecutor } from "../src/executors/registry.js";
import { startDask } from "../test/executors/dask-cluster.js";
import { findPython } from "../test/executors/find-python.js";
import { startRay } from "../test/executors/ray-cluster.js";
import { startSlurm, whyNoSlurm } from "../test/executors/slurm-cluster.js";
import { describeMachine, median, openLaboratory, printTable } from "./laboratory.js";

const rounds = Number(process.argv[2] ?? 5);
/** `inline,dask`; all of them unless said. */
const wanted = process.argv[3]?.split(",");
const isWanted = (name: string) => wanted?.includes(name) ?? true;
const nWorkers = 2;
const warmUps = 3;

/** Runs one empty evaluation. */
type Once = () => Promise<unknown>;

interface Contest {
  readonly title: string;
  readonly bareTitle: string;
  readonly ours: Once;
  readonly bare: Once;
  /** The bare tool's own way to do many, where it has one. */
  readonly bareMany?: (count: number) => Promise<unknown>;
  /** Before the tools take turns. */
  readonly between?: () => Promise<void>;
  /** Evaluations alone, and together. */
  readonly alone: number;
  readonly many: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const rows: string[][] = [];

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function compete({ title, bareTitle, ours, bare, bareMany, between, alone, many }: Contest): Promise<void> {
  const together = (one: Once) => () => Promise.all(Array.from({ length: many }, one));
  const inTurn = (one: Once) => async () => {
    for (let index = 0; index < alone; index++) await one();
  };
  const manyBare = bareMany === undefined ? together(bare) : () => bareMany(many);
  const turns = [
    { one: inTurn(bare), all: manyBare },
    { one: inTurn(ours), all: together(ours) },
  ];
  // What lasts for weeks is not measured in its first second, in which Node has compiled neither of them.
  for (let round = 0; round < warmUps; round++) for (const { all } of turns) await all();
  const figures: number[][] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) {
    for (const [index, { one, all }] of turns.entries()) {
      await between?.();
      await all();
      collectGarbage(); // of the other one's evaluations, too
      figures[index]!.push((await milliseconds(one)) / alone);
      figures[index + 2]!.push((await milliseconds(all)) / many);
    }
  }
  const [bareAlone, ourAlone, bareEach, ourEach] = figures as [number[], number[], number[], number[]];
  const ratio = (ours: number[], bare: number[]) => median(ours.map((value, round) => value / bare[round]!)).toFixed(2);
  const perSecond = (each: number[]) => `${Math.round(1000 / median(each))}/s`;
  rows.push([
    title,
    bareTitle,
    `${median(bareAlone).toFixed(2)} ms`,
    `${median(ourAlone).toFixed(2)} ms`,
    ratio(ourAlone, bareAlone),
    perSecond(bareEach),
    perSecond(ourEach),
    ratio(ourEach, bareEach),
  ]);
  console.error(rows.at(-1)!.join(" | "));
}

using lab = openLaboratory();
/** Each evaluation has a signal of its own, as those of a worker have. */
const control = () => ({ signal: new AbortController().signal, graceMs: 1000 });
const objectivePath = join(lab.folder, "objective.mjs");
writeFileSync(objectivePath, "export default () => 1;\n");
const module = { kind: "module", url: pathToFileURL(objectivePath).href, exportName: "default", args: [] } as const;
const command = {
  kind: "command",
  argv: ["/bin/true"],
  environment: { PATH: "/usr/bin:/bin" },
  directory: lab.folder,
  stdoutPath: join(lab.folder, "stdout.log"),
  stderrPath: join(lab.folder, "stderr.log"),
} as const;
const open = async (executor: string, configuration = {}): Promise<Executor> =>
  openExecutor(await resolveExecutor({ executor, configuration }), { nWorkers, directory: lab.folder });

if (isWanted("inline")) {
  await using inline = await open("inline");
  const { default: call } = (await import(objectivePath)) as { default: () => number };
  const bare = async () => call();
  await compete({
    title: "inline",
    bareTitle: "an async call",
    ours: () => inline.call(module, control()),
    bare,
    alone: 2000,
    many: 2000,
  });
  const spawned = () => once(spawn("/bin/true", { stdio: "ignore" }), "exit");
  await compete({
    title: "inline, a command",
    bareTitle: "`spawn`",
    ours: () => inline.run(command, control()),
    bare: spawned,
    alone: 30,
    many: 60,
  });
}

if (isWanted("threads")) {
  await using threads = await open("threads");
  const pool = new Piscina({ filename: objectivePath, minThreads: 1, maxThreads: nWorkers });
  await compete({
    title: "threads",
    bareTitle: "piscina",
    ours: () => threads.call(module, control()),
    bare: () => pool.run(null),
    alone: 300,
    many: 1000,
  });
  await pool.destroy();
}

if (isWanted("processes")) {
  await using processes = await open("processes");
  // Processes lead groups as ours do, or what a function starts could not be ended with it; on a busy Linux that costs a
  // turn of the scheduler. The second row is the least that a pool can do: a message there, a message back, in turn.
  const poolScript = join(lab.folder, "pool.cjs");
  writeFileSync(
    poolScript,
    `require(${JSON.stringify(createRequire(import.meta.url).resolve("workerpool"))}).worker({ call: () => 1 });\n`,
  );
  writeFileSync(
    join(lab.folder, "bare.mjs"),
    "import call from './objective.mjs'; process.on('message', () => process.send(call()));\n",
  );
  const children = Array.from({ length: nWorkers }, () => fork(join(lab.folder, "bare.mjs"), { detached: true }));
  const queues = new Map<ChildProcess, Promise<unknown>>(children.map((child) => [child, Promise.resolve()]));
  let turn = 0;
  const bare = () => {
    const child = children[turn++ % nWorkers]!;
    const next = queues.get(child)!.then(async () => {
      child.send("call");
      await once(child, "message");
    });
    queues.set(child, next);
    return next;
  };
  const pool = workerpool.pool(poolScript, {
    workerType: "process",
    minWorkers: nWorkers,
    maxWorkers: nWorkers,
    forkOpts: { detached: true },
  });
  await compete({
    title: "processes",
    bareTitle: "workerpool",
    ours: () => processes.call(module, control()),
    bare: async () => await pool.exec("call", []),
    // A tenth of them takes as long as one collection of garbage.
    alone: 3000,
    many: 10_000,
  });
  await pool.terminate();
  await compete({
    title: "processes",
    bareTitle: "`fork`, messages",
    ours: () => processes.call(module, control()),
    bare,
    alone: 3000,
    many: 10_000,
  });
  for (const child of children) child.kill();
}

/** A Python that does as many evaluations as each line of its input says, in the cluster's own way. */
function openClient(python: string, prelude: string, work: string) {
  const program = `
import subprocess, sys
def call(_=None):
    return subprocess.call(["/bin/true"])
${prelude}
serial = 0
for line in sys.stdin:
    count = int(line)
    ${work}
    serial += count
    print("orion done", flush=True)
`;
  const client = spawn(python, ["-c", program], { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: client.stdout });
  return {
    many: async (count: number) => {
      client.stdin.write(`${count}\n`);
      for await (const [line] of on(lines, "line")) if (line === "orion done") return;
    },
    close: async () => {
      client.stdin.end();
      await once(client, "close");
    },
  };
}

const daskPython = isWanted("dask") ? findPython("distributed") : undefined;
if (daskPython === undefined) console.error("dask is left out: not wanted, or no Python here has distributed.");
else {
  await using cluster = await startDask(daskPython);
  await using dask = await open("dask", { python: daskPython, address: cluster.address });
  const client = openClient(
    daskPython,
    `from distributed import Client\nclient = Client("${cluster.address}")`,
    "client.gather(client.map(call, range(serial, serial + count), pure=False))",
  );
  await compete({
    title: "dask, a command",
    bareTitle: "`client.map` of `subprocess.call`",
    ours: () => dask.run(command, control()),
    bare: () => client.many(1),
    bareMany: client.many,
    alone: 20,
    many: 100,
  });
  await client.close();
}

const rayPython = isWanted("ray") ? findPython("ray") : undefined;
if (rayPython === undefined) console.error("ray is left out: not wanted, or no Python here has ray.");
else {
  await using cluster = await startRay(rayPython, 2 * nWorkers);
  const init = { address: cluster.address, log_to_driver: false };
  await using ray = await open("ray", { python: rayPython, ...init });
  const client = openClient(
    rayPython,
    `import ray\nray.init(address="${cluster.address}", log_to_driver=False)\nremote = ray.remote(call)`,
    "ray.get([remote.remote() for _ in range(count)])",
  );
  // One after the other: what the other one holds of the cores is let go after two seconds.
  const letGo = () => new Promise<void>((go) => setTimeout(go, 4000));
  await compete({
    title: "ray, a command",
    bareTitle: "`ray.get` of tasks with `subprocess.call`",
    ours: () => ray.run(command, control()),
    bare: () => client.many(1),
    bareMany: client.many,
    between: letGo,
    alone: 20,
    many: 100,
  });
  await client.close();
}

const whyNot = isWanted("slurm") ? whyNoSlurm() : "not wanted";
if (whyNot !== undefined) console.error(`slurm is left out: ${whyNot}.`);
else {
  await using cluster = await startSlurm();
  process.env.SLURM_CONF = cluster.configuration;
  await using slurm = await open("slurm");
  const marker = (index: number) => join(lab.folder, `done-${index}`);
  let serial = 0;
  // As one would by hand: hand in, then look for the file that the job leaves.
  const handIn = async () => {
    const index = serial++;
    const words = ["--output=/dev/null", "--wrap", `/bin/true; : > ${marker(index)}`];
    await once(spawn("sbatch", words, { stdio: "ignore" }), "exit");
    return index;
  };
  const isDone = (index: number) => spawnSync("test", ["-e", marker(index)]).status === 0;
  const finish = async (index: number) => {
    while (!isDone(index)) await new Promise((go) => setTimeout(go, 50));
  };
  const bare = async () => finish(await handIn());
  const bareMany = async (count: number) => {
    const indices: number[] = [];
    for (let index = 0; index < count; index++) indices.push(await handIn());
    for (const index of indices) await finish(index);
  };
  await compete({
    title: "slurm, a command",
    bareTitle: "`sbatch` in a loop",
    ours: () => slurm.run(command, control()),
    bare,
    bareMany,
    alone: 4,
    many: 40,
  });
  execFileSync("scancel", ["--me"]);
}

console.log(describeMachine());
printTable(
  `Executors (\`n_workers\` ${nWorkers}, median of ${rounds} rounds)`,
  [
    "executor",
    "bare tool",
    "bare, one alone",
    "orion, one alone",
    "ratio",
    "bare, many",
    "orion, many",
    "ratio of time",
  ],
  rows,
);
