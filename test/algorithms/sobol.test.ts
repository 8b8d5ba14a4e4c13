import { describe, expect, it } from "vitest";
import { configureAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import sobol from "../../src/algorithms/sobol.js";
import { UsageError } from "../../src/errors.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { simulate } from "../../src/testing/simulate.js";

algorithmContract("sobol", sobol, {
  trace: {
    "/layers": [7, 2, 5, 3, 8, 1, 6, 4, 7, 2],
    "/lr": [0.0001343, 0.003468, 0.2358, 0.001867, 0.05035, 0.00001166, 0.0003036, 0.372, 0.7774, 0.0006857],
    "/momentum": [0.4952, 0.9588, 0.5102, 0.01653, 0.198, 0.6362, 0.7931, 0.332, 0.8987, 0.3902],
    "/optimizer": ["rmsprop", "adam", "sgd", "sgd", "rmsprop", "adam", "adam", "sgd", "sgd", "sgd"],
  },
});

function simulated(
  texts: Readonly<Record<string, string>>,
  { maxTrials, seed = "1" }: { maxTrials: number; seed?: string },
) {
  return simulate({ algorithm: sobol, space: parseSpace(texts), seed, maxTrials, objective: () => 0 });
}

describe("sobol", () => {
  it("puts one of 2^k trials into each elementary rectangle of two dimensions", () => {
    const { trials } = simulated(
      { "/x": "uniform(0, 1, precision=9)", "/y": "uniform(0, 1, precision=9)" },
      { maxTrials: 64 },
    );
    for (const [columns, rows] of [
      [1, 64],
      [2, 32],
      [8, 8],
      [32, 2],
      [64, 1],
    ] as const) {
      const cells = trials.map(({ params }) => [
        Math.floor((params["/x"] as number) * columns),
        Math.floor((params["/y"] as number) * rows),
      ]);
      expect(new Set(cells.map(String)).size).toBe(64);
    }
  });

  it("depends on the seed", () => {
    const texts = { "/x": "uniform(0, 1)" };
    expect(simulated(texts, { maxTrials: 3, seed: "1" }).trials[0]!.params).not.toEqual(
      simulated(texts, { maxTrials: 3, seed: "2" }).trials[0]!.params,
    );
  });

  it("covers a finite space whose prior hides most of its points", () => {
    const { trials, end } = simulated({ "/x": "normal(0, 1, low=-6, high=6, discrete=True)" }, { maxTrials: 100 });
    expect(trials.map(({ params }) => params["/x"] as number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 13 }, (_, i) => i - 6),
    );
    expect(end).toBe("done");
  });

  it("refuses a space of more dimensions than it has numbers for", () => {
    const space = parseSpace({ "/x": "uniform(0, 1, shape=257)" });
    expect(() => configureAlgorithm(sobol, { name: "sobol", options: {}, space })).toThrow(UsageError);
  });
});
