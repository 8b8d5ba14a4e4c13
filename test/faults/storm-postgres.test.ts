import { expect, it } from "vitest";
import { missingServer } from "../storage/postgres-server.js";
import { workerFaults } from "./faults.js";
import { openPost } from "./server-faults.js";
import { shortStorm } from "./short-storm.js";

/** The long version is `npm run chaos -- --storage postgres`. */
it.skipIf(missingServer !== undefined)(
  `a storm over PostgreSQL (${missingServer ?? "the system's"}) loses no evaluation and keeps the budget`,
  async () => {
    await using post = await openPost();
    const report = await shortStorm(await post.createDatabase(), { ...workerFaults, ...post.faults });
    expect(Object.keys(report.struck).length).toBeGreaterThan(0); // on a slow machine a restart takes its time
  },
  180_000,
);
