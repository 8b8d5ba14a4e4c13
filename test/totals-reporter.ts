import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** Writes `412 passed, 0 failed, 3 skipped` to the file named by ORION_TEST_TOTALS, for continuous integration. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const path = process.env.ORION_TEST_TOTALS;
    if (path === undefined) return;
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== "pending") counts[state]++;
      }
    }
    writeFileSync(path, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
