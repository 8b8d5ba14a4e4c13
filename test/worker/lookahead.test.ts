import { expect, it } from "vitest";
import { createLookahead } from "../../src/worker/lookahead.js";

const after = (evaluationMs: number, claimMs: number, count = 5) => {
  const lookahead = createLookahead();
  for (let turn = 0; turn < count; turn++) {
    lookahead.claimed(claimMs);
    lookahead.evaluated(evaluationMs);
  }
  return lookahead.isWorthwhile();
};

it("is worthwhile for programs that are over in no time, once that is known", () => {
  expect(after(10, 1)).toBe(true);
  expect(after(10, 1, 4)).toBe(false);
});

it("is not worthwhile for long programs, whose suggestions should know all results", () => {
  expect(after(60_000, 100)).toBe(false);
});

it("is worthwhile where suggestions take long beside the programs", () => {
  expect(after(2000, 100)).toBe(true);
  expect(after(2000, 10)).toBe(false);
});
