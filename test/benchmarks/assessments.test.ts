import { describe, expect, it } from "vitest";
import { averageRank, overallRank } from "../../src/benchmarks/assessments/average-rank.js";
import { averageResult, regretQuantiles } from "../../src/benchmarks/assessments/average-result.js";
import { parallelAssessment } from "../../src/benchmarks/assessments/parallel-assessment.js";
import { quantile } from "../../src/benchmarks/assessments/quantiles.js";
import { curveSteps, type StudyRow } from "../../src/benchmarks/assessments/study-row.js";
import { suggestionTime } from "../../src/benchmarks/assessments/suggestion-time.js";
import { winRate } from "../../src/benchmarks/assessments/win-rate.js";

function study(algorithm: string, repetition: number, incumbents: number[], rest: Partial<StudyRow> = {}): StudyRow {
  const times = incumbents.map((_, i) => i + 1);
  return { problem: "p", algorithm, workers: 1, repetition, incumbents, times, minimum: 1, suggestMs: 2, ...rest };
}

describe("quantiles", () => {
  it("are linear between neighbours", () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantile([1, 2, 4, 8], p))).toEqual([1, 1.75, 3, 5, 8]);
    expect(quantile([3], 0.3)).toBe(3);
    expect(quantile([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.75)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the average result", () => {
  const rows = [study("a", 1, [5, 3]), study("a", 2, [4, 2]), study("a", 3, [9, 1])];

  it("is the regret step by step: the mean and the quartiles over repetitions", () => {
    const [first, last] = averageResult(rows);
    expect(first).toMatchObject({ trials: 1, mean: 5, lower: 3.5, median: 4, upper: 6, repetitions: 3 });
    expect(last).toMatchObject({ trials: 2, mean: 1, median: 1, deviation: 1 });
  });

  it("goes on with the last value where a study ended early, and is the value itself without a minimum", () => {
    const short = [study("a", 1, [5], { minimum: null }), study("a", 2, [5, 1], { minimum: null })];
    expect(regretQuantiles(short, [2])).toMatchObject([{ median: 3 }]);
  });

  it("is drawn at no more than a hundred steps, the last one included", () => {
    const steps = curveSteps([study("a", 1, new Array(1234).fill(1))]);
    expect(steps.length).toBe(100);
    expect(steps.at(-1)).toBe(1234);
  });
});

describe("the average rank", () => {
  it("compares within a repetition, and shares ranks between equals", () => {
    const rows = [
      study("a", 1, [3]),
      study("b", 1, [2]),
      study("c", 1, [3]),
      study("a", 2, [1]),
      study("b", 2, [4]),
      study("c", 2, [5]),
    ];
    expect(averageRank(rows).map(({ algorithm, rank }) => [algorithm, rank])).toEqual([
      ["a", 1.75],
      ["b", 1.5],
      ["c", 2.75],
    ]);
  });

  it("is averaged over problems", () => {
    const both = (problem: string, a: number, b: number) => [
      study("a", 1, [a], { problem }),
      study("b", 1, [b], { problem }),
    ];
    const rows = [...both("p", 1, 2), ...both("q", 5, 6), ...both("r", 9, 8), ...both("s", 9, 8)];
    expect(overallRank(averageRank(rows))).toEqual([
      { algorithm: "a", workers: 1, trials: 1, rank: 1.5 },
      { algorithm: "b", workers: 1, trials: 1, rank: 1.5 },
    ]);
  });

  it("leaves out repetitions that not everybody did", () => {
    const rows = [study("a", 1, [3]), study("b", 1, [2]), study("a", 2, [0])];
    expect(averageRank(rows)).toMatchObject([{ rank: 2, repetitions: 1 }, { rank: 1 }]);
  });

  it("says nothing of a problem of which everybody did other repetitions", () => {
    const apart = [study("a", 1, [3], { problem: "q" }), study("b", 2, [2], { problem: "q" })];
    expect(averageRank(apart)).toEqual([]);
    const rows = averageRank([study("a", 1, [3]), study("b", 1, [2]), ...apart]);
    expect(overallRank(rows)).toMatchObject([{ rank: 2 }, { rank: 1 }]);
  });
});

describe("the parallel assessment", () => {
  it("tells what more workers cost in regret and save in time", () => {
    const rows = [study("a", 1, [3, 2]), study("a", 1, [5, 4], { workers: 8, times: [0.2, 0.5] })];
    expect(parallelAssessment(rows)).toMatchObject([
      { workers: 1, median: 1, ratio: 1, speedup: 1 },
      { workers: 8, median: 3, ratio: 3, duration: 0.5, speedup: 4 },
    ]);
  });
});

describe("the win rate", () => {
  it("counts pairs, draws as half", () => {
    const rows = [study("a", 1, [1]), study("a", 2, [3]), study("b", 1, [2]), study("b", 2, [3])];
    const [a, b] = winRate(rows, 1);
    expect(a).toMatchObject({ algorithm: "a", opponent: "b", winRate: 2.5 / 4, pairs: 4 });
    expect(b).toMatchObject({ algorithm: "b", opponent: "a", winRate: 1.5 / 4 });
  });
});

describe("the time per suggestion", () => {
  it("is summed up by quartiles", () => {
    const rows = [1, 2, 3].map((suggestMs) => study("a", suggestMs, [1], { suggestMs }));
    expect(suggestionTime(rows)).toMatchObject([{ lower: 1.5, median: 2, upper: 2.5, repetitions: 3 }]);
  });
});
