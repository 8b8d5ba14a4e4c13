import { appendFileSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resolveRule } from "../../src/stopping/resolve-rule.js";
import type { AlgorithmChoice, Storage } from "../../src/storage/storage.js";
import { createReportWatch } from "../../src/worker/report-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { failing, openBench } from "./worker-bench.js";

const intervalMs = 200;

/** A watch over one reserved trial, what it said to the user, and the file of the trial's reports. */
async function fresh(
  storage: (storage: Storage) => Partial<Storage> = () => ({}),
  rule: AlgorithmChoice = { name: "threshold", options: { upper: 10 } },
) {
  const folder = temporaryFolder();
  const { experiment } = await openBench({ folder, storage });
  const next = await experiment.nextTrial({ worker: "me", leaseMs: 60_000 });
  if (next.kind !== "trial") throw new Error(next.kind);
  const notes: string[] = [];
  const watch = createReportWatch({
    ...experiment,
    rule: await resolveRule(rule),
    intervalMs,
    onNote: (note) => void notes.push(note),
  });
  const reportPath = join(folder, "reports");
  const watched = watch.watch(next.trial, { reportPath, stop: () => {} });
  const stored = () => experiment.storage.readReports(experiment.record.id, 0);
  return { watched, reportPath, notes, stored };
}

describe("a watch over reports", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  it("bears a directory in place of the file, and says so once", async () => {
    const { watched, reportPath, notes } = await fresh();
    mkdirSync(join(reportPath, "something"), { recursive: true });
    await vi.advanceTimersByTimeAsync(3 * intervalMs);
    expect(await watched.finish()).toEqual({ last: undefined, stopped: undefined });
    expect(notes).toEqual([
      expect.stringMatching(/^The reports of trial 1 in ".*reports" cannot be read: EISDIR.*\.$/),
    ]);
  });

  it("goes on where it was when a file can be read again", async () => {
    const { watched, reportPath, notes } = await fresh();
    symlinkSync(reportPath, reportPath); // points to itself: no way to look at it, as when a server is away
    await vi.advanceTimersByTimeAsync(intervalMs);
    expect(notes).toEqual([expect.stringContaining("ELOOP")]);
    rmSync(reportPath);
    appendFileSync(reportPath, "1 0.5\n");
    await vi.advanceTimersByTimeAsync(intervalMs);
    appendFileSync(reportPath, "2 0.25\n");
    expect((await watched.finish()).last).toEqual({ step: 2, value: 0.25 });
    expect(notes).toHaveLength(1);
  });

  it("keeps reports for a database that is away, and does not judge without the others'", async () => {
    const away = ({ addReports, readReports }: Storage) => ({
      addReports: failing(addReports, { times: 1 }),
      readReports: failing(readReports, { times: 1 }),
    });
    const { watched, reportPath, stored } = await fresh(away, { name: "median", options: {} });
    appendFileSync(reportPath, "1 0.5\n");
    await vi.advanceTimersByTimeAsync(intervalMs);
    appendFileSync(reportPath, "2 0.25\n");
    expect(await watched.finish()).toEqual({ last: { step: 2, value: 0.25 }, stopped: undefined });
    expect(JSON.stringify(await stored())).toContain('"value":0.5');
  });
});
