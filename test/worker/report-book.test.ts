import { expect, it } from "vitest";
import { resolveRule } from "../../src/stopping/resolve-rule.js";
import type { ExperimentRecord, ReportsRead, Storage } from "../../src/storage/storage.js";
import { inventTrial } from "../../src/testing/invent-trial.js";
import { openReportBook } from "../../src/worker/report-book.js";

const trial = (number: number) => inventTrial({ number, id: `${number}`, params: {}, status: "reserved" });

/** A book whose storage counts how often it is read, and is away on demand. */
async function openBook(rule: { readonly name: string; readonly options?: Readonly<Record<string, unknown>> }) {
  const reports: ReportsRead["reports"][number][] = [];
  const state = { reads: 0, isAway: false };
  const storage: Pick<Storage, "addReports" | "readReports"> = {
    addReports: async ({ number }, added) => {
      for (const report of added) reports.push({ number, ...report });
      return true;
    },
    readReports: async (_, since) => {
      state.reads++;
      if (state.isAway) throw new Error("away");
      return { cursor: reports.length, reports: reports.slice(since) };
    },
  };
  const record = { id: 1, definition: { direction: "minimize" } } as ExperimentRecord;
  return { book: openReportBook({ storage, record, rule: await resolveRule(rule) }), state };
}

const median = { name: "median", options: { n_startup_trials: 1 } };
const line = (value: number) => [1, 2, 3].map((step) => ({ step, value }));

it("reports that come together cost one look at the others, and each is judged", async () => {
  const { book, state } = await openBook(median);
  await book.open(trial(1), () => {}).add(line(1));
  expect(state.reads).toBe(1);
  const reasons: string[] = [];
  const worse = book.open(trial(2), (reason) => reasons.push(reason));
  await worse.add([
    { step: 1, value: 1 },
    { step: 2, value: 1 },
  ]);
  expect([state.reads, reasons]).toEqual([2, []]);
  const worst = book.open(trial(3), (reason) => reasons.push(reason));
  await worst.add(line(2));
  expect(state.reads).toBe(3);
  expect(reasons).toEqual([expect.stringContaining("of 2 trials had at step 1")]);
  await worst.add([{ step: 4, value: 2 }]); // it is stopped already
  expect(state.reads).toBe(3);
});

it("reports that come one by one while the database answers are one batch", async () => {
  const { book, state } = await openBook(median);
  const reports = book.open(trial(1), () => {});
  await Promise.all(line(1).map((report) => reports.add([report])));
  expect(state.reads).toBe(2);
});

it("a rule that looks at the trial alone has nothing read for it, and judges while the database is away", async () => {
  const { book, state } = await openBook({ name: "patience", options: { patience: 2 } });
  state.isAway = true;
  const reports = book.open(trial(1), () => {});
  await reports.add(line(1));
  expect([state.reads, reports.stopped]).toEqual([0, "it has not improved for 2 reports"]);
});

it("nobody is judged by others that cannot be read, until they can", async () => {
  const { book, state } = await openBook(median);
  await book.open(trial(1), () => {}).add(line(1));
  const reports = book.open(trial(2), () => {});
  state.isAway = true;
  await reports.add([{ step: 1, value: 2 }]);
  expect(reports.stopped).toBeUndefined();
  state.isAway = false;
  await reports.add([{ step: 2, value: 2 }]);
  expect(reports.stopped).toMatch(/of 1 trials had at step 2/);
});

it("takes what a program wrote in a long time at once, however much it is", async () => {
  const { book } = await openBook({ name: "threshold", options: { upper: 1e9 } });
  const reports = book.open(trial(1), () => {});
  const many = Array.from({ length: 300_000 }, (_, step) => ({ step, value: 1 }));
  expect(await reports.finish(many)).toEqual({ last: { step: 299_999, value: 1 }, stopped: undefined });
});
