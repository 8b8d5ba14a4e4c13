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
import type { AlgorithmChoice } from "../src/storage/storage.js";
import { canMoveClocks, openArena } from "../test/faults/arena.js";
import { type Fault, fileFaults, workerFaults } from "../test/faults/faults.js";
import { openPost } from "../test/faults/server-faults.js";
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
 * `sqlite` is a new file for each storm, `postgres` a server of our own, which goes wrong as well; anything else is the URL
 * of a database. All storms share a database that is no file.
 */
await using post = values.storage === "postgres" ? await openPost() : undefined;
const url = values.storage === "sqlite" ? undefined : ((await post?.createDatabase()) ?? values.storage);

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
  const faults = { ...workerFaults, ...(url === undefined ? ofFile : post?.faults) };
  const algorithm: AlgorithmChoice = { name: algorithms[round % algorithms.length]!, options: { seed: round } };
  const isRush = round % 4 === 3; // many workers at once on an empty database
  const maxTrials = 60 + 20 * (round % 3);
  try {
    const name = `chaos-${values.seed}-${process.pid}-${round}`;
    const arena = await openArena({
      folder,
      safeFolder,
      name,
      algorithm,
      maxTrials,
      ...(url === undefined ? {} : { storage: url }),
    });
    return await runStorm({
      arena,
      maxTrials,
      workers: isRush ? 32 : Number(values.workers),
      seed: `${values.seed}-${round}`,
      stormSeconds: isRush ? 20 : 12,
      faults,
      movesClocks,
    });
  } finally {
    if (isMounted) execFileSync("umount", ["-l", folder]);
    rmSync(safeFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

console.log(`${describeMachine()}; clocks ${movesClocks ? "are" : "cannot be"} moved`);
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
  `Chaos (${values.storage}, ${seconds} s, seed ${values.seed})`,
  ["what", "how many"],
  [...rows, ["wrong: lost, duplicate, over budget, or found by the checker", String(wrong.length)]],
);
for (const sentence of wrong) console.log(sentence);
process.exitCode = wrong.length === 0 ? 0 : 1;
