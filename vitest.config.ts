import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/totals-reporter.ts"],
    pool: "forks",
    // One more than there are cores: many tests wait for programs, servers and schedulers. A machine that only tests has
    // time, and gives each of them a core.
    maxWorkers: availableParallelism() + (process.env.CI ? 0 : 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
