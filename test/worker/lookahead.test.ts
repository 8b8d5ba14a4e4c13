import { expect, it } from "vitest";
import { createLookahead } from "../../src/worker/lookahead.js";

/** Trials that are held ready for two places. */
const after = (evaluationMs: number, claimMs: number, count = 5) => {
  const lookahead = createLookahead();
  for (let turn = 0; turn < count; turn++) {
    lookahead.claimed(claimMs);
    lookahead.evaluated(evaluationMs);
  }
  return lookahead.readyCount(2);
};

it("has one ready for each place where programs are over in no time, once that is known", () => {
  expect(after(10, 1)).toBe(2);
  expect(after(10, 1, 4)).toBe(0);
});

it("has none ready for long programs, whose suggestions should know all results", () => {
  expect(after(60_000, 100)).toBe(0);
  expect(after(2000, 8)).toBe(0);
});

it("has one ready where somebody would have to wait for it", () => {
  expect(after(2000, 100)).toBe(1);
  expect(after(700, 5)).toBe(1);
});

it("has one ready for each place where suggestions take half of the time", () => {
  expect(after(2000, 600)).toBe(2);
});

it("keeps one ready for as long as evaluations would be worth it, and begins anew when that was too short", () => {
  const lookahead = createLookahead();
  for (let turn = 0; turn < 5; turn++) {
    lookahead.claimed(30);
    lookahead.evaluated(10);
  }
  expect(lookahead.mostWaitMs()).toBe(6000);
  lookahead.misjudged();
  expect(lookahead.readyCount(2)).toBe(0);
  for (let turn = 0; turn < 5; turn++) lookahead.evaluated(60_000);
  expect(lookahead.readyCount(2)).toBe(0);
});
