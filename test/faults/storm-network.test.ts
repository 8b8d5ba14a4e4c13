import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingServer } from "../storage/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { openArena } from "./arena.js";
import { workerFaults } from "./faults.js";
import { missingNetwork } from "./network.js";
import { openFarPost } from "./server-faults.js";
import { runStorm } from "./storm.js";

const missing = missingServer ?? missingNetwork;

it.skipIf(missing !== undefined)(
  `workers on another machine, whose cable comes and goes, lose no evaluation and keep the budget (${missing ?? "namespaces"})`,
  async () => {
    await using post = await openFarPost();
    const safeFolder = temporaryFolder();
    const folder = join(safeFolder, "disk");
    mkdirSync(folder);
    const maxTrials = 30;
    const algorithm = { name: "random", options: { seed: 1 } };
    const storage = await post.createDatabase();
    const arena = await openArena({
      folder,
      safeFolder,
      name: "storm",
      algorithm,
      maxTrials,
      storage,
      elsewhere: { storage: post.addressForWorkers(storage), enter: post.hosts.workers.enter },
    });
    const report = await runStorm({
      arena,
      maxTrials,
      workers: 4,
      seed: "1",
      stormSeconds: 5,
      faults: { "kill -9": workerFaults["kill -9"], "cable out": post.faults["cable out"]! },
      movesClocks: false,
    });
    expect(report.wrong).toEqual([]);
    expect(report.completed).toBe(maxTrials);
    expect(report.struck["cable out"]).toBeGreaterThan(0);
  },
  180_000,
);
