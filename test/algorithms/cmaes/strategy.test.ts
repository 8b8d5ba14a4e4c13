import { describe, expect, it } from "vitest";
import { defaultPopulationSize, strategyFor } from "../../../src/algorithms/cmaes/strategy.js";

describe("strategyFor", () => {
  // As pycma announces its runs: "(5_w,10)-aCMA-ES (mu_w=3.2,w_1=45%) in dimension 10"
  it.each([
    [2, 6, 2.0, 0.63],
    [4, 8, 2.6, 0.52],
    [10, 10, 3.2, 0.45],
  ])("in %i dimensions has λ = %i, μ_eff = %f and w₁ = %f", (n, populationSize, selectionMass, first) => {
    expect(defaultPopulationSize(n)).toBe(populationSize);
    const strategy = strategyFor(n, populationSize);
    expect(strategy.selectionMass).toBeCloseTo(selectionMass, 1);
    expect(Math.floor(strategy.weights[0]! * 100) / 100).toBeCloseTo(first, 5);
  });

  it("has falling weights: the positive ones sum to 1, the negative ones leave C positive definite", () => {
    for (const [n, populationSize] of [
      [1, 2],
      [1, 4],
      [5, 8],
      [40, 15],
      [3, 400],
    ] as const) {
      const { weights, rankOneRate, rankMuRate, stepDamping } = strategyFor(n, populationSize);
      expect([...weights]).toEqual([...weights].sort((a, b) => b - a));
      const sum = (sign: number) => weights.reduce((total, w) => total + Math.max(0, sign * w), 0);
      expect(sum(1)).toBeCloseTo(1, 12);
      // eq. 52, which makes 1 − c₁ − c_μ − n c_μ Σ|w⁻| non-negative
      expect(sum(-1) * n * rankMuRate).toBeLessThanOrEqual(1 - rankOneRate - rankMuRate + 1e-12);
      expect(rankOneRate + rankMuRate).toBeLessThanOrEqual(1);
      expect(stepDamping).toBeGreaterThanOrEqual(1);
    }
  });
});
