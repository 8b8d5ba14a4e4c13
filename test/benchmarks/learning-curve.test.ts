import { describe, expect, it } from "vitest";
import { samplePrior } from "../../src/algorithms/sample-prior.js";
import { loadProblem } from "../../src/benchmarks/load-problem.js";
import { type Problem, trueValue } from "../../src/benchmarks/problem.js";
import { keyedRng } from "../../src/math/rng.js";
import type { Params } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";

/** Spearman's rank correlation; values are all different. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, rank, i) => sum + (rank - middle) * (v[i]! - middle), 0);
  return product(x, y) / product(x, x);
}

function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value));
}

const epochs = [1, 3, 9, 27];

function correlations(problem: Problem): number[] {
  const space = parseSpace(problem.space);
  const points = Array.from({ length: 400 }, (_, i) => samplePrior(space, keyedRng("points", i)));
  const last = points.map((params) => trueValue(problem, params));
  const at = (count: number) => (params: Params, i: number) =>
    problem.evaluate({ ...params, epochs: count }, keyedRng("noise", i, count));
  return epochs.map((count) => rankCorrelation(points.map(at(count)), last));
}

describe("learning curves", () => {
  it("say as much of their end, after the first epochs, as those of real trainings do", async () => {
    const instances = [1, 2, 3, 4, 5, 6];
    const all = await Promise.all(instances.map(async (i) => correlations(await loadProblem(`learning-curve-i${i}`))));
    const means = epochs.map((_, e) => all.reduce((sum, row) => sum + row[e]! / all.length, 0));
    for (const [e, expected] of [0.6, 0.72, 0.86, 0.96].entries()) expect(means[e]).toBeCloseTo(expected, 1);
    for (const row of all) {
      expect(row[0]).toBeGreaterThan(0.25);
      expect(row[0]).toBeLessThan(0.8);
      expect(row).toEqual(row.toSorted((a, b) => a - b));
    }
  });

  it("fall from one start, and cross", async () => {
    const problem = await loadProblem("learning-curve-i2");
    const space = parseSpace(problem.space);
    const points = Array.from({ length: 40 }, (_, i) => samplePrior(space, keyedRng("points", i)));
    const still = { next: () => 0.5, below: (n: number) => n >>> 1 };
    const curves = points.map((params) =>
      [...epochs, 81].map((count) => problem.evaluate({ ...params, epochs: count }, still)),
    );
    for (const curve of curves) {
      expect(curve).toEqual(curve.toSorted((a, b) => b - a));
      expect(curve[0]).toBeLessThan(1.21);
    }
    const isCrossing = (a: readonly number[], b: readonly number[]) => a[0]! < b[0]! && a[4]! > b[4]!;
    expect(curves.flatMap((a) => curves.filter((b) => isCrossing(a, b))).length).toBeGreaterThan(50);
  });
});
