import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openResults, type QualityResult } from "../../bench/quality-results.js";
import { cellsOf, judge, judgeParallel, publishedCells, shareOf } from "../../bench/quality-table.js";
import { temporaryFolder } from "../temporary-folder.js";

function results(algorithm: string, regrets: readonly number[], workers = 1): QualityResult[] {
  return regrets.map((regret, index) => ({
    algorithm,
    problem: "branin",
    workers,
    seed: index + 1,
    regret: { 50: regret, 100: regret, 200: regret },
  }));
}

describe("the published figures", () => {
  it("are read as cells of our problems", () => {
    const cells = publishedCells();
    expect(new Set(cells.map(({ problem }) => problem))).toEqual(
      new Set(["branin", "hartmann-6d", "rosenbrock-5d", "ackley-10d", "mixed4"]),
    );
    const [cell] = cells.filter((c) => c.algorithm === "optuna-gp" && c.problem === "branin" && c.budget === 50);
    expect(cell).toMatchObject({ lower: 1.491e-5, median: 3.556e-5, upper: 0.0002147, seeds: 10 });
  });
});

describe("a verdict", () => {
  it("sets the median against the best peer and against the namesake", () => {
    const [after50] = judge(cellsOf(results("tpe", [0.1, 0.2, 0.4])), publishedCells(), "tpe");
    expect(after50!.best!.algorithm).toBe("optuna-gp");
    expect(after50!.toBest).toBeCloseTo(0.2 / 3.556e-5, 6);
    expect(after50!.named!.algorithm).toBe("optuna-tpe");
    expect(after50!.toNamed).toBeCloseTo(0.2 / 0.1307, 6);
  });

  it("takes regrets below 1e-8 as equal", () => {
    const rivals = cellsOf(results("optuna-gp", [0]));
    expect(judge(cellsOf(results("gp", [1e-15])), rivals, "gp")[0]!.toBest).toBe(1);
  });

  it("sets several workers against one", () => {
    const cells = cellsOf([...results("tpe", [1]), ...results("tpe", [1.2], 8)]);
    expect(judgeParallel(cells, "tpe")[0]!.toAlone).toBeCloseTo(1.2, 12);
  });

  it("counts cells at or below a limit", () => {
    expect(shareOf([0.5, 1, 2, undefined], 1)).toBe("2 of 3 cells (67 %) at or below 1; the worst is 2.00");
    expect(shareOf([undefined], 1)).toBe("nothing to compare with");
  });
});

it("the file of results goes on where it was left, and forgets what is to be done again", () => {
  const path = join(temporaryFolder(), "deep/results.jsonl");
  const [tpe, sobol] = [...results("tpe", [1]), ...results("sobol", [2])];
  const first = openResults(path, []);
  first.add(tpe!);
  first.add(sobol!);
  expect(openResults(path, []).results).toEqual([tpe, sobol]);
  expect([first.has(tpe!, 200), first.has(tpe!, 201)]).toEqual([true, false]);
  expect(openResults(path, ["tpe"]).has(tpe!, 50)).toBe(false);
  expect(openResults(path, []).results).toEqual([sobol]);
});
