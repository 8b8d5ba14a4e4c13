import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { unpackTrials } from "../../src/storage/packed-trials.js";

const packed = (number: number, results: unknown, unusual: readonly unknown[] = []) => [
  ...[number, number.toString(16).padStart(32, "0"), "completed", { "/x": number }, results, 1, 1, 1, 1],
  ...[number, number, number, number, 0, 0, ...unusual],
];

const withFacts = (facts: unknown) => ["", null, null, null, null, null, facts, null, null];

it("what a trial has none of is one value for all, which nobody can change", () => {
  const [one, other] = unpackTrials(1, JSON.stringify([packed(1, null), packed(2, null)]));
  expect(one).toMatchObject({ facts: {}, results: [], lateResults: [] });
  for (const key of ["facts", "results", "lateResults"] as const) {
    expect(one![key]).toBe(other![key]);
    expect(Object.isFrozen(one![key])).toBe(true);
  }
});

it("texts that many trials have in common take the room of one", () => {
  const count = 500;
  const long = 10_000;
  const facts = { auto: "tpe", why: "w".repeat(long), n: 1, list: ["a"] };
  const result = { name: "n".repeat(long), type: "objective", value: 1 };
  const text = JSON.stringify(Array.from({ length: count }, (_, at) => packed(at + 1, [result], withFacts(facts))));
  const before = heapUsed();
  const trials = unpackTrials(1, text);
  const taken = heapUsed() - before;
  expect(trials.at(-1)).toMatchObject({ number: count, facts, results: [result] });
  expect(taken).toBeLessThan((count * 2 * long) / 4);
});

/** Bytes, without what nobody can reach any more. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
