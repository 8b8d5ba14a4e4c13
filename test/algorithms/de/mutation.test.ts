import { describe, expect, it } from "vitest";
import { boundaryFixes, crossovers, type MutationStrategy, mutations } from "../../../src/algorithms/de/mutation.js";
import { keyedRng } from "../../../src/math/rng.js";

/** Members that are drawn in this order: 1, 10, 100, 1000, 10000; the target is 2, the best 5. */
function mutantOf(strategy: MutationStrategy): number {
  let next = 0.1;
  const draw = () => {
    next *= 10;
    return Float64Array.of(next);
  };
  return mutations[strategy]({ target: Float64Array.of(2), best: Float64Array.of(5), draw }, 0.5)[0]!;
}

describe("mutations", () => {
  it.each<[MutationStrategy, number]>([
    ["rand1", 1 + 0.5 * (10 - 100)],
    ["rand2", 1 + 0.5 * (10 - 100) + 0.5 * (1000 - 10000)],
    ["best1", 5 + 0.5 * (1 - 10)],
    ["best2", 5 + 0.5 * (1 - 10) + 0.5 * (100 - 1000)],
    ["currenttobest1", 2 + 0.5 * (5 - 2) + 0.5 * (1 - 10)],
    ["randtobest1", 1 + 0.5 * (5 - 1) + 0.5 * (10 - 100)],
    ["rand2dir", 1 + 0.25 * (1 - 10 + 1 - 100)],
  ])("%s combines target, best and others as its name says", (strategy, expected) => {
    expect(mutantOf(strategy)).toBeCloseTo(expected, 10);
  });
});

describe("crossovers", () => {
  const [target, mutant] = [new Float64Array(6), new Float64Array(6).fill(1)];
  const taken = (kind: "bin" | "exp", probability: number, key: number) =>
    [...crossovers[kind]({ target, mutant, probability, rng: keyedRng(key) })].join("");

  it.each(["bin", "exp"] as const)("%s takes one coordinate of the mutant at least, and all at 1", (kind) => {
    for (let key = 0; key < 20; key++) {
      expect(taken(kind, 0, key).replaceAll("0", "")).toBe("1");
      expect(taken(kind, 1, key)).toBe("111111");
    }
  });

  it("exp takes a stretch of neighbours, the last one being beside the first", () => {
    for (let key = 0; key < 50; key++) expect(taken("exp", 0.6, key).repeat(2)).toMatch(/^(0*1+0*)(1*0*)1*$/);
    expect(new Set(Array.from({ length: 50 }, (_, key) => taken("bin", 0.5, key))).size).toBeGreaterThan(20);
  });
});

describe("boundary fixes", () => {
  it("leave what is inside, and bring the rest in", () => {
    const outside = Float64Array.of(-0.5, 0.25, 1.5);
    expect([...boundaryFixes.clip(outside)]).toEqual([0, 0.25, 1]);
    const [a, b, c] = boundaryFixes.random(outside, keyedRng("fix"));
    expect(b).toBe(0.25);
    for (const x of [a!, c!]) expect(x > 0 && x < 1).toBe(true);
  });
});
