import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { openArena } from "./arena.js";
import { fileFaults, workerFaults } from "./faults.js";
import { runStorm } from "./storm.js";

/** The long version, with a disk that is really full and moved clocks, is `npm run chaos`. */
it("a storm of every fault loses no evaluation, repeats no point and keeps the budget", async () => {
  const safeFolder = temporaryFolder();
  const folder = join(safeFolder, "disk");
  mkdirSync(folder);
  const maxTrials = 40;
  const algorithm = { name: "random", options: { seed: 1 } };
  const arena = await openArena({ folder, safeFolder, name: "storm", algorithm, maxTrials });
  const { "disk really full": _, ...onFile } = fileFaults;
  const report = await runStorm({
    arena,
    maxTrials,
    workers: 4,
    seed: "1",
    stormSeconds: 6,
    faults: { ...workerFaults, ...onFile },
    movesClocks: false,
  });
  expect(report.wrong).toEqual([]);
  expect(report.completed).toBe(maxTrials);
  expect(Object.keys(report.struck).length).toBeGreaterThan(3);
}, 180_000);
