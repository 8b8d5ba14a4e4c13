// Everything goes wrong at once, for as long as you like: `npm run chaos -- --storage sqlite --seconds 600 --seed 1`.
//
// Storm after storm, each on an experiment of its own: workers of the command line and of the library are killed,
// stopped, interrupted and lied to while their scripts hang, fail and fill the disk; then they finish in peace, and the
// history is held against the checker and the scripts' own ledger. Exit code 1 when anything is wrong.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStorage } from "../src/storage/registry.js";
import type { AlgorithmChoice } from "../src/storage/storage.js";
import { canMoveClocks, openArena } from "../test/faults/arena.js";
import { type Fault, fileFaults, workerFaults } from "../test/faults/faults.js";
import { missingNetwork } from "../test/faults/network.js";
import { type FarPost, openFarPost, openPost } from "../test/faults/server-faults.js";
import { runStorm, type StormReport } from "../test/faults/storm.js";
import { describeMachine, printTable } from "./laboratory.js";

const { values } = parseArgs({
  options: {
    storage: { type: "string", default: "sqlite" },
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "6" },
    algorithms: { type: "string", default: "random,sobol" },
  },
});
const seconds = Number(values.seconds);
const algorithms = values.algorithms.split(",");
const movesClocks = canMoveClocks();

/**
 * `sqlite` is a new file for each storm; `postgres` are servers of our own, which go wrong as well: one behind a proxy that
 * cuts connections, and where network namespaces can be made one that is on another machine, as it were. They take turns.
 * Anything else is the URL of a database.
 */
const isOurs = values.storage === "postgres";
await using near = isOurs ? await openPost() : undefined;
await using far = isOurs && missingNetwork === undefined ? await openFarPost() : undefined;
const places: readonly Place[] = [
  ...(near === undefined ? [] : [{ storage: await near.createDatabase(), faults: near.faults }]),
  ...(far === undefined ? [] : [await placeFar(far)]),
  ...(isOurs || values.storage === "sqlite" ? [] : [{ storage: values.storage, faults: {} }]),
];

/** A database that the storms share. */
interface Place {
  readonly storage: string;
  readonly faults: Readonly<Record<string, Fault>>;
  readonly elsewhere?: { readonly storage: string; readonly enter: readonly string[] };
}

async function placeFar({ createDatabase, addressForWorkers, hosts, faults }: FarPost): Promise<Place> {
  const storage = await createDatabase();
  return { storage, faults, elsewhere: { storage: addressForWorkers(storage), enter: hosts.workers.enter } };
}

/** A disk of its own that can be filled, where this user may mount one. */
function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=48m", "orion-chaos", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function storm(round: number): Promise<StormReport> {
  const safeFolder = mkdtempSync(join(tmpdir(), "orion-chaos-"));
  const folder = join(safeFolder, "disk");
  mkdirSync(folder);
  const isMounted = mountSmallDisk(folder);
  const { "disk really full": reallyFull, ...simulated } = fileFaults;
  const ofFile: Record<string, Fault> = { ...simulated, ...(isMounted ? { "disk really full": reallyFull } : {}) };
  const place = places[round % places.length];
  const faults = { ...workerFaults, ...(place?.faults ?? ofFile) };
  const algorithm: AlgorithmChoice = { name: algorithms[round % algorithms.length]!, options: { seed: round } };
  const isRush = round % 5 === 3; // many workers at once on an empty database
  const maxTrials = 60 + 20 * (round % 3);
  try {
    const name = `chaos-${values.seed}-${process.pid}-${round}`;
    const arena = await openArena({
      folder,
      safeFolder,
      name,
      algorithm,
      maxTrials,
      ...(place === undefined ? {} : { storage: place.storage }),
      ...(place?.elsewhere === undefined ? {} : { elsewhere: place.elsewhere }),
    });
    const report = await runStorm({
      arena,
      maxTrials,
      workers: isRush ? 32 : Number(values.workers),
      seed: `${values.seed}-${round}`,
      stormSeconds: isRush ? 20 : 12,
      faults,
      movesClocks,
    });
    if (!isOurs && place !== undefined && report.wrong.length === 0) await remove(place, name);
    return report;
  } finally {
    if (isMounted) execFileSync("umount", ["-l", folder]);
    rmSync(safeFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** From a database that is somebody else's; what went wrong stays to be looked at. */
async function remove(place: Place, name: string): Promise<void> {
  await using storage = await openStorage(place.storage);
  const found = await storage.listExperiments(name);
  await storage.removeExperiments(found.map(({ id }) => id));
}

console.log(`${describeMachine()}; clocks ${movesClocks ? "are" : "cannot be"} moved`);
if (isOurs && missingNetwork !== undefined) console.log(`No cable is taken out: ${missingNetwork}.`);
if (!isOurs && places.length > 0)
  console.log("The server is yours: only workers and scripts are hit. It is not stopped, and its network not cut.");
const sums: Record<string, number> = {};
const add = (name: string, count: number) => {
  sums[name] = (sums[name] ?? 0) + count;
};
const wrong: string[] = [];
const deadline = performance.now() + seconds * 1000;
for (let round = 0; performance.now() < deadline; round++) {
  const report = await storm(round);
  add("storms", 1);
  add("trials completed", report.completed);
  add("trials broken by their scripts", report.broken);
  add("evaluations reported by scripts", report.evaluations);
  add("evaluations that died with their worker, and were repeated", report.repeated);
  add("suggestions recomputed, the same", report.suggestionsRecomputed);
  add("workers started", report.workersStarted);
  for (const [name, count] of Object.entries(report.struck)) add(`fault: ${name}`, count);
  wrong.push(...report.wrong.map((sentence) => `storm ${round}: ${sentence}`));
  console.error(`storm ${round}: ${report.completed} trials, ${report.wrong.length} wrong`);
}
const rows = Object.entries(sums).map(([name, count]) => [name, String(count)]);
printTable(
  `Chaos (${places.length > 0 && !isOurs ? "a given server" : values.storage}, ${seconds} s, seed ${values.seed})`,
  ["what", "how many"],
  [...rows, ["wrong: lost, duplicate, over budget, or found by the checker", String(wrong.length)]],
);
for (const sentence of wrong) console.log(sentence);
process.exitCode = wrong.length === 0 ? 0 : 1;
