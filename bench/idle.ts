// What a worker that waits for news costs, and how soon it notices them: on an SQLite file, on PostgreSQL with
// notifications, and on PostgreSQL asking by itself (as it does behind pgbouncer).
import { setTimeout as pause } from "node:timers/promises";
import { openStorage } from "../src/storage/registry.js";
import { missingServer, startPostgres } from "../test/storage/postgres-server.js";
import { median, openLaboratory, printTable } from "./laboratory.js";

const seconds = Number(process.argv[2] ?? 10);
const turns = Number(process.argv[3] ?? 30);

await using server = missingServer === undefined ? await startPostgres({ isDurable: true }) : undefined;
const rows: string[][] = [];
await measure("SQLite (data version)");
if (server !== undefined) {
  await measure("PostgreSQL (notify)", await server.createDatabase());
  await measure("PostgreSQL (polling)", `${await server.createDatabase()}?listen=off`);
} else console.log(missingServer);
printTable(
  `Waiting (${seconds} s of nothing, then ${turns} times news)`,
  ["storage", "CPU of the waiting process", "of a core", "CPU of the server", "news noticed after (median)", "slowest"],
  rows,
);

async function measure(name: string, url?: string): Promise<void> {
  using lab = openLaboratory(url);
  await using waiting = await openStorage(lab.storage);
  await using writing = await openStorage(lab.storage);
  const metadata = { user: "", datetime: "", orionVersion: "", userArgs: [] };
  const { id } = await writing.createExperiment({
    name: "idle",
    definition: { space: {}, algorithm: { name: "random", options: {} }, seed: "", direction: "minimize", metadata },
    maxTrials: 1e6,
    maxBroken: 1,
    workingDir: "",
  });
  const next = async (timeoutMs: number) => {
    const since = await waiting.readRevision(id);
    return waiting.waitForNews(id, { since, timeoutMs });
  };
  await next(500); // connected and warm
  const served = server?.cpuMs() ?? 0;
  const own = process.cpuUsage();
  // As a worker waits: it looks through the leases once a second.
  for (let second = 0; second < seconds; second++) await next(1000);
  const { user, system } = process.cpuUsage(own);
  const idle = (user + system) / 1000;
  const serverCpu = server === undefined || url === undefined ? "" : `${Math.max(0, server.cpuMs() - served)} ms`;

  const delays: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const told = next(60_000);
    await pause(50 + ((turn * 37) % 200)); // somewhere between two looks
    await writing.reserveTrial(id, { worker: "w", leaseMs: 60_000 });
    const began = performance.now();
    await told;
    delays.push(performance.now() - began);
  }
  rows.push([
    name,
    `${idle.toFixed(0)} ms`,
    `${(idle / seconds / 10).toFixed(2)} %`,
    serverCpu,
    `${median(delays).toFixed(0)} ms`,
    `${Math.max(...delays).toFixed(0)} ms`,
  ]);
}
