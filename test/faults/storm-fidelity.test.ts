import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { temporaryFolder } from "../temporary-folder.js";
import { openArena } from "./arena.js";
import { workerFaults } from "./faults.js";
import { runStorm } from "./storm.js";

/**
 * Workers that die do not take a rung or a generation with them: the work gets done, no trial is promoted twice, and every
 * suggestion can be recomputed from the history (`verify` does that).
 */
it.each([
  ["asha", {}, 40, 6],
  // one set of brackets, and one population, have just so many trials: the budget is reached if no rung is stuck
  ["hyperband", { repetitions: 1 }, 32, 12],
  ["pbt", { population_size: 8, generations: 3 }, 32, 24],
])(
  "workers of %s are killed: every trial is promoted once at most, nothing is stuck, and the budget is exact",
  async (name, options, maxTrials, leastContinued) => {
    const safeFolder = temporaryFolder();
    const folder = join(safeFolder, "disk");
    mkdirSync(folder);
    const arena = await openArena({
      folder,
      safeFolder,
      name,
      algorithm: { name, options: { seed: 1, ...options } },
      space: ["-x~uniform(0, 1)", "--epochs~fidelity(1, 8, base=2)"],
      maxTrials,
    });
    const { "kill -9": kill, "TERM storm": terminate } = workerFaults;
    const report = await runStorm({
      arena,
      maxTrials,
      workers: 4,
      seed: name,
      stormSeconds: 2.5,
      faults: { kill, terminate },
      movesClocks: false,
    });
    expect(report.wrong).toEqual([]);
    expect(report.completed).toBe(maxTrials);
    expect(report.workersStarted).toBeGreaterThan(4);
    await using storage = await openStorage(arena.storage);
    const trials = await storage.listTrials((await storage.getExperiment(name))!.id);
    const completed = trials.filter(({ status }) => status === "completed");
    const byId = new Map(trials.map((trial) => [trial.id, trial]));
    const continued = trials.filter(({ parent }) => parent !== undefined);
    for (const { parent, params } of continued) {
      expect(byId.get(parent!)!.status).toBe("completed");
      expect(params["/epochs"]).toBeGreaterThan(byId.get(parent!)!.params["/epochs"] as number);
    }
    // a member of a population has one successor, but a good one may be forked by many
    const { generation: _, ...rest } = continued[0]!.facts;
    const promotions =
      "member" in rest
        ? completed.map(({ facts }) => `${facts.generation} ${facts.member}`)
        : continued.map(({ parent }) => parent);
    expect(new Set(promotions).size).toBe(promotions.length);
    expect(continued.length).toBeGreaterThanOrEqual(leastContinued);
  },
  120_000,
);
