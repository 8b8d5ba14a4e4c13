import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openArena } from "../faults/arena.js";
import { workerFaults } from "../faults/faults.js";
import { runStorm } from "../faults/storm.js";
import { temporaryFolder } from "../temporary-folder.js";
import { type GivenServer, givenAddress, openGivenServer } from "./given-server.js";
import { postgresContract } from "./postgres-contract.js";

describe.skipIf(givenAddress === undefined)("the server of ORION_TEST_POSTGRES", () => {
  let server: GivenServer;
  beforeAll(() => {
    server = openGivenServer(givenAddress!);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  postgresContract("a given PostgreSQL", () => server);

  it("a storm over its workers loses no evaluation and keeps the budget", async () => {
    const safeFolder = temporaryFolder();
    const folder = join(safeFolder, "disk");
    mkdirSync(folder);
    const maxTrials = 30;
    const algorithm = { name: "random", options: { seed: 1 } };
    const storage = await server.createDatabase();
    const arena = await openArena({ folder, safeFolder, name: "storm", algorithm, maxTrials, storage });
    const report = await runStorm({
      arena,
      maxTrials,
      workers: 4,
      seed: "1",
      stormSeconds: 6,
      faults: workerFaults,
      movesClocks: false,
    });
    expect(report.wrong).toEqual([]);
    expect(report.completed).toBe(maxTrials);
  }, 180_000);
});
