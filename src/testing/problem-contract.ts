import { describe, expect, it } from "vitest";
import { samplePrior } from "../algorithms/sample-prior.js";
import { type Problem, trueValue } from "../benchmarks/problem.js";
import { keyedRng } from "../math/rng.js";
import type { Params, Space } from "../space/dimension.js";
import { parseSpace } from "../space/parse-space.js";
import { contains } from "../space/values.js";

export interface ProblemContractOptions {
  /** Random points that are tried; default 200. */
  readonly points?: number;
  /** How far the value at an optimum may lie above the minimum, beside the larger of 1 and its size; default 1e-9. */
  readonly tolerance?: number;
}

/**
 * What every benchmark problem promises, as a vitest suite: to be called at the top of a test file.
 *
 * @param load - Makes the problem; called afresh by each promise.
 * @example problemContract("branin", () => loadProblem("branin"));
 */
export function problemContract(
  name: string,
  load: () => Problem | Promise<Problem>,
  { points = 200, tolerance = 1e-9 }: ProblemContractOptions = {},
): void {
  describe(`the problem ${name}`, () => {
    it("says what it is and where it comes from", async () => {
      const { summary, source, name: own } = await load();
      expect(summary).toMatch(/^\S.*\.$/);
      expect(source).not.toBe("");
      expect(own).not.toBe("");
    });

    it("has optima inside its space, and its minimum at each of them", async () => {
      const problem = await load();
      const { minimum, optima } = problem;
      const space = parseSpace(problem.space);
      expect(optima.length > 0).toBe(minimum !== undefined);
      for (const optimum of optima) {
        expectPoint(space, optimum);
        const above = trueValue(problem, optimum) - minimum!;
        expect(Math.abs(above)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(minimum!)));
      }
    });

    it("is finite on random points, and nowhere below its minimum", async () => {
      const problem = await load();
      for (const params of randomPoints(problem, points)) {
        const value = trueValue(problem, params);
        expect(Number.isFinite(value)).toBe(true);
        expect(Number.isFinite(problem.evaluate(params, keyedRng("contract")))).toBe(true);
        if (problem.minimum !== undefined) expect(value).toBeGreaterThanOrEqual(problem.minimum - 1e-9);
      }
    });

    it("is nowhere below its minimum near its optima", async () => {
      const problem = await load();
      for (const params of problem.optima.flatMap((optimum) => neighbours(problem, optimum))) {
        expect(trueValue(problem, params)).toBeGreaterThanOrEqual(problem.minimum! - 1e-9);
      }
    });

    it("gives the equal value to equal parameters and random numbers", async () => {
      const [one, other] = [await load(), await load()];
      for (const [index, params] of randomPoints(one, Math.min(points, 20)).entries()) {
        const value = (problem: Problem) => problem.evaluate(params, keyedRng("noise", index));
        const first = value(one);
        expect([value(one), value(other)]).toEqual([first, first]);
      }
    });

    it("takes a time above 0", async () => {
      const { cost = () => 1, ...problem } = await load();
      for (const params of randomPoints(problem, Math.min(points, 20))) expect(cost(params)).toBeGreaterThan(0);
    });
  });
}

function expectPoint({ dimensions }: Space, params: Params): void {
  expect(Object.keys(params).sort()).toEqual(dimensions.map(({ name }) => name).sort());
  for (const dimension of dimensions) expect(contains(dimension, params[dimension.name]!)).toBe(true);
}

function randomPoints(problem: Pick<Problem, "name" | "space">, count: number): Params[] {
  const space = parseSpace(problem.space);
  return Array.from({ length: count }, (_, index) => samplePrior(space, keyedRng("contract", problem.name, index)));
}

/** Small steps along each real dimension, where they stay inside. */
function neighbours(problem: Problem, optimum: Params): Params[] {
  const { dimensions } = parseSpace(problem.space);
  return dimensions.flatMap((dimension) => {
    if (dimension.type !== "real") return [];
    const here = optimum[dimension.name] as number;
    const width = dimension.high - dimension.low;
    const moved = [-1e-3, -1e-6, 1e-6, 1e-3].map((share) => ({ ...optimum, [dimension.name]: here + share * width }));
    return moved.filter((params) => contains(dimension, params[dimension.name]!));
  });
}
