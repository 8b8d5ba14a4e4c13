// How many trials per second 1 to 16 processes create and complete that do nothing else, through the library: what the
// database itself can do. `node --import tsx bench/throughput.ts 2000 1,4,16 postgres`
import { type ChildProcess, fork } from "node:child_process";
import { openStorage } from "../src/storage/registry.js";
import { startPostgres } from "../test/storage/postgres-server.js";
import { openLaboratory, printTable } from "./laboratory.js";

interface Told {
  readonly completed: number;
  readonly cpuMs: number;
  /** Sorted, in milliseconds. */
  readonly reserve: readonly number[];
  readonly finish: readonly number[];
}

if (process.send === undefined) await main();
else await work(process.argv[2]!, Number(process.argv[3]), process.argv[4]!);

async function main(): Promise<void> {
  const trials = Number(process.argv[2] ?? 2000);
  const counts = (process.argv[3] ?? "1,4,16").split(",").map(Number);
  const kinds = (process.argv[4] ?? "sqlite,postgres").split(",");
  await using server = kinds.includes("postgres") ? await startPostgres({ isDurable: true }) : undefined;
  const rows: string[][] = [];
  for (const processes of counts) {
    for (const kind of kinds) {
      using lab = openLaboratory(kind === "postgres" ? await server!.createDatabase() : undefined);
      await using storage = await openStorage(lab.storage);
      const metadata = { user: "", datetime: "", orionVersion: "", userArgs: [] };
      const { id } = await storage.createExperiment({
        name: "t",
        definition: {
          space: {},
          algorithm: { name: "random", options: {} },
          seed: "",
          direction: "minimize",
          metadata,
        },
        maxTrials: trials,
        maxBroken: 1,
        workingDir: "",
      });
      const workers = Array.from({ length: processes }, (_, index) =>
        fork(import.meta.filename, [lab.storage, String(id), `w${index}`], { execArgv: ["--import", "tsx"] }),
      );
      await Promise.all(workers.map(message)); // all are connected
      const served = server?.cpuMs() ?? 0;
      const began = performance.now();
      for (const worker of workers) worker.send("go");
      const told = (await Promise.all(workers.map(message))) as Told[];
      const seconds = (performance.now() - began) / 1000;
      const serverCpu = (server?.cpuMs() ?? 0) - served;
      for (const worker of workers) worker.send("bye"); // until now, so that the server's sessions were still there
      const { counts: done } = await storage.summarize(id);
      if (done.completed !== trials) throw new Error(`${done.completed} trials completed, not ${trials}`);
      const all = (what: "reserve" | "finish") => told.flatMap((one) => one[what]).sort((a, b) => a - b);
      const at = (values: readonly number[], part: number) =>
        values[Math.floor((values.length - 1) * part)]!.toFixed(1);
      const [reserve, finish] = [all("reserve"), all("finish")];
      rows.push([
        String(processes),
        kind,
        `${(trials / seconds).toFixed(0)}/s`,
        `${at(reserve, 0.5)} / ${at(reserve, 0.99)} ms`,
        `${at(finish, 0.5)} / ${at(finish, 0.99)} ms`,
        `${(told.reduce((sum, one) => sum + one.cpuMs, 0) / trials).toFixed(2)} ms`,
        kind === "postgres" ? `${(serverCpu / trials).toFixed(2)} ms` : "",
      ]);
    }
  }
  printTable(
    `Throughput (${trials} trials created and completed, durable commits on PostgreSQL)`,
    ["processes", "storage", "trials", "reserve p50 / p99", "finish p50 / p99", "CPU of a worker", "CPU of the server"],
    rows,
  );
}

function message(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve).once("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
  });
}

async function work(url: string, experimentId: number, worker: string): Promise<void> {
  await using storage = await openStorage(url);
  await storage.readRevision(experimentId);
  const go = new Promise((resolve) => process.once("message", resolve));
  process.send!("ready");
  await go;
  const own = process.cpuUsage();
  const reserve: number[] = [];
  const finish: number[] = [];
  const suggest = (number: number) => ({
    id: String(number).padStart(32, "0"),
    params: { "/x": number },
    workingDir: "",
    basisRevision: 0,
    attempt: 0,
  });
  const timed = async <T>(times: number[], work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const value = await work();
    times.push(performance.now() - began);
    return value;
  };
  const take = () => timed(reserve, () => storage.reserveTrial(experimentId, { worker, leaseMs: 60_000, suggest }));
  let got = await take();
  while (got.kind === "trial" || got.kind === "slot") {
    const lease = got.kind === "trial" ? got.trial : got.slot;
    if (got.kind === "slot") await storage.fillSlot(got.slot, suggest(got.slot.number));
    // As a worker does it: the end of a trial and the next one in the same turn of the event loop.
    const results = [{ name: "o", type: "objective" as const, value: lease.number }];
    const finished = timed(finish, () => storage.finishTrial(lease, results));
    [got] = await Promise.all([take(), finished]);
  }
  const { user, system } = process.cpuUsage(own);
  const bye = new Promise((resolve) => process.once("message", resolve));
  process.send!({ completed: finish.length, cpuMs: (user + system) / 1000, reserve, finish });
  await bye;
  process.disconnect();
}
