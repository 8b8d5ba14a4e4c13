import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadProblem } from "../../src/benchmarks/load-problem.js";
import { problems } from "../../src/benchmarks/registry.js";
import { UnknownNameError, UsageError } from "../../src/errors.js";
import { keyedRng } from "../../src/math/rng.js";

describe("the registry of problems", () => {
  it("has a line for each file", () => {
    const files = readdirSync(new URL("../../src/benchmarks/problems/", import.meta.url));
    expect(files.map((file) => file.replace(/\.ts$/, "")).sort()).toEqual(Object.keys(problems).sort());
  });
});

describe("the name of a problem", () => {
  it("is completed by defaults, in one order", async () => {
    const named = async (text: string) => (await loadProblem(text)).name;
    expect(await named("branin")).toBe("branin");
    expect(await named("BBOB-5d-f8")).toBe("bbob-f8-5d-i1");
    expect(await named("ackley")).toBe("ackley-2d");
    expect(await named("ackley-categories-3c")).toBe("ackley-categories-3c");
    expect(await named("eggholder")).toBe("egg-holder");
    expect(await named("rosenbrock-5d+noise0.5")).toBe("rosenbrock-5d+noise0.5");
  });

  it.each([
    ["brannin", UnknownNameError, /no problem "brannin"/],
    ["branin-5d", UsageError, /"5d" says nothing/],
    ["ackley-2d-3d", UsageError, /says it twice/],
    ["hartmann-4d", UsageError, /no number of dimensions 4/],
    ["bbob-f25", UsageError, /no function 25/],
    ["branin+noise", UsageError, /not a standard deviation/],
    ["branin+noise-1", UsageError, /not a standard deviation/],
  ])("%s is refused", async (text, kind, message) => {
    await expect(loadProblem(text)).rejects.toThrow(kind);
    await expect(loadProblem(text)).rejects.toThrow(message);
  });
});

describe("noise", () => {
  it("has the deviation that the name says, and leaves the true value alone", async () => {
    const { evaluate, truth } = await loadProblem("branin+noise2");
    const params = { x0: Math.PI, x1: 2.275 };
    const differences = Array.from({ length: 2000 }, (_, i) => evaluate(params, keyedRng(i)) - truth!(params));
    const mean = differences.reduce((sum, x) => sum + x, 0) / differences.length;
    const variance = differences.reduce((sum, x) => sum + x * x, 0) / differences.length;
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(Math.sqrt(variance)).toBeGreaterThan(1.9);
    expect(Math.sqrt(variance)).toBeLessThan(2.1);
  });
});

describe("learning curves", () => {
  it("cross: who is ahead early is not always ahead at the end", async () => {
    const { evaluate, space } = await loadProblem("learning-curve");
    expect(space.epochs).toBe("fidelity(1, 81, base=3)");
    const quiet = { next: () => 0.5, below: (n: number) => Math.floor(n / 2) };
    const at = (lr: number, width: number, epochs: number) => evaluate({ lr, width, decay: 1e-4, epochs }, quiet);
    let crossings = 0;
    for (let i = 0; i < 100; i++) {
      const [a, b] = [keyedRng("a", i), keyedRng("b", i)];
      const point = (rng: typeof a) => [10 ** (-3 + 2 * rng.next()), 8 + rng.below(17)] as const;
      const [one, other] = [point(a), point(b)];
      const early = at(...one, 1) < at(...other, 1);
      const late = at(...one, 81) < at(...other, 81);
      if (early !== late) crossings++;
    }
    expect(crossings).toBeGreaterThan(5);
    expect(crossings).toBeLessThan(50);
  });

  it("fall as epochs are added", async () => {
    const { evaluate } = await loadProblem("learning-curve");
    const quiet = { next: () => 0.5, below: (n: number) => Math.floor(n / 2) };
    const values = [1, 3, 9, 27, 81].map((epochs) => evaluate({ lr: 0.01, width: 16, decay: 1e-4, epochs }, quiet));
    expect(values.toSorted((x, y) => y - x)).toEqual(values);
  });
});
