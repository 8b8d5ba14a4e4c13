import { expect, it } from "vitest";
import { showStats, statsOf } from "../../../src/cli/text/stats.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import type { ExperimentRecord, Summary } from "../../../src/storage/storage.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { sketch } from "../fake-terminal.js";

const space = parseSpace({ "/depth": "uniform(1, 8, discrete=True)", "/lr": "uniform(0, 1)" });
const record: ExperimentRecord = {
  ...sketch("exp"),
  id: 1,
  version: 1,
  parent: undefined,
  createdTime: Date.UTC(2031, 3, 2, 10, 0, 0, 123),
  revision: 1,
  definitionRevision: 1,
};
const none = { new: 0, reserved: 0, suspended: 0, completed: 0, interrupted: 0, broken: 0 };
const empty: Summary = { counts: none, best: undefined, firstStart: undefined, lastEnd: undefined };
const id = "5f0c".repeat(8);
const best = inventTrial({
  number: 1,
  id,
  params: { "/lr": 0.0021, "/depth": 4 },
  status: "completed",
  objective: 0.731,
});

it("the block is that of the reference", () => {
  const firstStart = record.createdTime + 1000;
  const summary = { counts: { ...none, completed: 12 }, best, firstStart, lastEnd: firstStart + 460_100 };
  expect(showStats(statsOf({ record, space, summary }), space)).toBe(
    `Stats
=====
completed: False
trials completed: 12
best trial:
  id: ${id}
  evaluation: 0.731
  params:
    /depth: 4
    /lr: 0.0021
start time: 2031-04-02T10:00:00.123Z
finish time: 2031-04-02T10:07:41.223Z
elapsed_time: 0:07:40.100000
`,
  );
});

it("without a completed trial it says so, and that there are broken ones", () => {
  const show = (summary: Summary) => showStats(statsOf({ record, space, summary }), space);
  expect(show(empty)).toBe("Stats\n=====\nNo trials executed...\n");
  const summary = { ...empty, counts: { ...none, broken: 2 }, firstStart: 1, lastEnd: 2 };
  expect(show(summary)).toBe("Stats\n=====\nNo trial completed, 2 broken.\n");
  expect(statsOf({ record, space, summary }).finishTime).toBeNull();
});

it("without a finite objective there is no best trial", () => {
  const summary = { ...empty, counts: { ...none, completed: 1 } };
  const stats = statsOf({ record, space, summary });
  expect(stats).toMatchObject({ best: null, trialsCompleted: 1, finishTime: null, elapsedSeconds: null });
  expect(showStats(stats, space)).toContain("best trial: none has a finite objective\n");
});

it("an experiment is completed when its budget is used up", () => {
  const summary = { ...empty, counts: { ...none, completed: 2 } };
  expect(statsOf({ record: { ...record, maxTrials: 2 }, space, summary }).completed).toBe(true);
  expect(statsOf({ record: { ...record, maxTrials: 3 }, space, summary }).completed).toBe(false);
});

it("days are written out in long durations", () => {
  const summary = { ...empty, counts: { ...none, completed: 1 }, firstStart: 0, lastEnd: 90_061_007 };
  expect(showStats(statsOf({ record, space, summary }), space)).toContain("elapsed_time: 1 day, 1:01:01.007000\n");
});
