import { describe, expect, it } from "vitest";
import { firstRestartState, isSpent } from "../../../src/algorithms/cmaes/restarts.js";
import { learn, type Result, startRun } from "../../../src/algorithms/cmaes/run.js";
import { searchModelOf } from "../../../src/algorithms/cmaes/search-model.js";
import { parseSpace } from "../../../src/space/parse-space.js";

const model = searchModelOf(parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" }));
const populationSize = 6;

/** A run after some generations, of which each has results around a value. */
function runAfter(centers: readonly number[], spread = 1) {
  const run = startRun(model, { populationSize, mean: Float64Array.of(0.5, 0.5), stepSize: 0.1 });
  for (const [generation, center] of centers.entries()) {
    const results = Array.from({ length: populationSize }, (_, i): Result => {
      const point = Float64Array.of(0.45 + ((7 * i + generation) % 11) / 100, 0.45 + ((3 * i + generation) % 11) / 100);
      return { point, objective: center + spread * (i - 3), isFresh: true, id: `${generation} ${i}` };
    });
    learn(run, model, { results, seed: "1" });
  }
  return run;
}

const descent = (count: number) => Array.from({ length: count }, (_, generation) => 100 - generation);
const isOver = (run: ReturnType<typeof runAfter>) => isSpent(run, firstRestartState(populationSize));

describe("a run of cmaes", () => {
  it("goes on as long as it descends, and is over when its results stay equal", () => {
    expect(isOver(runAfter(descent(30)))).toBe(false);
    expect(isOver(runAfter(Array(30).fill(5)))).toBe(true);
  });

  it("goes on after generations without a finite result", () => {
    const outage = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(isOver(runAfter([...descent(28), ...outage]))).toBe(false);
  });

  it("is over where no generation has had a finite result", () => {
    expect(isOver(runAfter(Array(30).fill(Number.POSITIVE_INFINITY)))).toBe(true);
  });

  it("goes on when the results of its first generation are farther apart than numbers reach", () => {
    const run = runAfter([0], 0.5e308);
    run.bests.push(...descent(30).map((best) => 1e304 * best));
    expect(isOver({ ...run, bestGeneration: run.bests.length })).toBe(false);
  });
});
