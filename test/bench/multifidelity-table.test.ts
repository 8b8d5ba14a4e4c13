import { join } from "node:path";
import { expect, it } from "vitest";
import type { FidelityResult } from "../../bench/multifidelity-run.js";
import { drawProgress, openFidelityResults, tableOf, targetOf } from "../../bench/multifidelity-table.js";
import { temporaryFolder } from "../temporary-folder.js";

function result(algorithm: string, seed: number, incumbents: FidelityResult["incumbents"], time = 16): FidelityResult {
  const rest = { problem: "learning-curve-e81", workers: 8, trials: 100, busy: 1, suggestMs: 0.5 };
  return { algorithm, seed, incumbents, time, ...rest };
}

const results = [
  result("random", 1, [
    [1, 0.4],
    [9, 0.1],
  ]),
  result("random", 2, [[2, 0.3]]),
  result("random", 3, [[2, 0.2]]),
  result("asha", 1, [
    [1, 0.5],
    [4, 0.2],
    [5, 0.01],
  ]),
  result("asha", 2, [[2, 0.1]]),
  result("asha", 3, [[3, 0.3]]),
  result(
    "auto",
    1,
    [
      [1, 0.4],
      [2, 0.2],
    ],
    2,
  ),
];

it("tells how much sooner each comes to the median of what random search has after some time", () => {
  expect([targetOf(results, 0.25), targetOf(results)]).toEqual([0.3, 0.2]);
  expect(tableOf(results).map((row) => row.slice(0, 7))).toEqual([
    ["8", "`random`", "0.200", "regret 0.300", "regret 0.300", "regret 0.200", ""],
    ["8", "`asha`", "0.100", "1.3", "2.7", "4.0", "2 of 3"],
    ["8", "`auto`", "–", "2.0", "4.0", "8.0", "1 of 1"], // it was ended there, so nobody knows the rest
  ]);
});

it("draws each algorithm as far as all of its runs went, and none that was ended early", () => {
  const short = [...results, result("bohb", 1, [[1, 0.4]]), result("bohb", 2, [[1, 0.4]], 10)];
  const lines = [...drawProgress("learning-curve-e81", 8, short).matchAll(/<polyline points="([^"]*)"/g)];
  const [random, asha, bohb] = lines.map(([, points]) => points!.split(" ").length);
  expect(lines.length).toBe(3);
  expect(random).toBeGreaterThan(50);
  expect(asha).toBeGreaterThan(50);
  expect(bohb).toBeLessThan(40);
});

it("goes on with a file of results, and forgets those of an algorithm that has changed", () => {
  const path = join(temporaryFolder(), "results.jsonl");
  for (const one of results) openFidelityResults(path, []).add(one);
  const file = openFidelityResults(path, ["asha"]);
  expect(file.results).toEqual(results.filter(({ algorithm }) => algorithm !== "asha"));
  expect(file.has(results[0]!)).toBe(true);
  expect(file.has(results[3]!)).toBe(false);
});
