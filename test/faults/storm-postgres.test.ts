import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingServer } from "../storage/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { openArena } from "./arena.js";
import { workerFaults } from "./faults.js";
import { openPost } from "./server-faults.js";
import { runStorm } from "./storm.js";

/** The long version is `npm run chaos -- --storage postgres`. */
it.skipIf(missingServer !== undefined)(
  `a storm over PostgreSQL (${missingServer ?? "the system's"}) loses no evaluation and keeps the budget`,
  async () => {
    await using post = await openPost();
    const safeFolder = temporaryFolder();
    const folder = join(safeFolder, "disk");
    mkdirSync(folder);
    const maxTrials = 30;
    const algorithm = { name: "random", options: { seed: 1 } };
    const storage = await post.createDatabase();
    const arena = await openArena({ folder, safeFolder, name: "storm", algorithm, maxTrials, storage });
    const report = await runStorm({
      arena,
      maxTrials,
      workers: 4,
      seed: "1",
      stormSeconds: 6,
      faults: { ...workerFaults, ...post.faults },
      movesClocks: false,
    });
    expect(report.wrong).toEqual([]);
    expect(report.completed).toBe(maxTrials);
    expect(Object.keys(report.struck).length).toBeGreaterThan(0); // on a slow machine a restart takes its time
  },
  180_000,
);
