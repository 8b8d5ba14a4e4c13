import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { openArena } from "./arena.js";
import { runStorm, type StormOptions } from "./storm.js";

/** A storm of six seconds over four workers on a PostgreSQL database, after which nothing may be wrong. */
export async function shortStorm(storage: string, faults: StormOptions["faults"]) {
  const safeFolder = temporaryFolder();
  const folder = join(safeFolder, "disk");
  mkdirSync(folder);
  const maxTrials = 30;
  const algorithm = { name: "random", options: { seed: 1 } };
  const arena = await openArena({ folder, safeFolder, name: "storm", algorithm, maxTrials, storage });
  const storm = { arena, maxTrials, workers: 4, seed: "1", stormSeconds: 6, faults, movesClocks: false };
  const report = await runStorm(storm);
  expect(report.wrong).toEqual([]);
  expect(report.completed).toBe(maxTrials);
  return report;
}
