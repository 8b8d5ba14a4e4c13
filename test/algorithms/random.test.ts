import { describe, expect, it } from "vitest";
import random from "../../src/algorithms/random.js";
import type { ParamValue } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { simulate } from "../../src/testing/simulate.js";

function values(text: string, { maxTrials, seed = "1" }: { maxTrials: number; seed?: string }): readonly ParamValue[] {
  const space = parseSpace({ "/x": text });
  const { trials } = simulate({ algorithm: random, space, seed, maxTrials, objective: () => 0 });
  return trials.map(({ params }) => params["/x"]!);
}

function share(all: readonly ParamValue[], isCounted: (value: number) => boolean): number {
  return all.filter((value) => isCounted(value as number)).length / all.length;
}

algorithmContract("random", random, {
  trace: {
    "/layers": [8, 3, 4, 2, 5, 2, 3, 7, 2, 1],
    "/lr": [0.491, 0.1697, 0.00001057, 0.0002092, 0.001158, 0.00001871, 0.02837, 0.002322, 0.001315, 0.00008854],
    "/momentum": [0.01961, 0.18, 0.8448, 0.8168, 0.2713, 0.4955, 0.8163, 0.5057, 0.6958, 0.1648],
    "/optimizer": ["adam", "rmsprop", "rmsprop", "adam", "adam", "adam", "rmsprop", "rmsprop", "rmsprop", "sgd"],
  },
});

describe("random", () => {
  it("samples the prior", () => {
    expect(share(values("uniform(0, 1)", { maxTrials: 500 }), (x) => x < 0.25)).toBeCloseTo(0.25, 1);
    expect(share(values("loguniform(1e-4, 1)", { maxTrials: 500 }), (x) => x < 0.01)).toBeCloseTo(0.5, 1);
    expect(share(values("normal(10, 2)", { maxTrials: 500 }), (x) => x > 12)).toBeCloseTo(0.1587, 1);
    expect(share(values("uniform(1, 1000000, discrete=True)", { maxTrials: 500 }), (x) => x > 250_000)).toBeCloseTo(
      0.75,
      1,
    );
  });

  it("draws the points of a small space in proportion to their probabilities", () => {
    // The first of two draws without replacement is the prior; the second is its complement.
    const firsts = Array.from(
      { length: 500 },
      (_, i) => values("choices({'a': 0.8, 'b': 0.2})", { maxTrials: 1, seed: `${i}` })[0],
    );
    expect(firsts.filter((value) => value === "a").length / 500).toBeCloseTo(0.8, 1);
  });

  it("depends on the seed", () => {
    for (const text of ["uniform(0, 1)", "uniform(1, 100, discrete=True)"]) {
      expect(values(text, { maxTrials: 5, seed: "1" })).not.toEqual(values(text, { maxTrials: 5, seed: "2" }));
    }
  });

  it("covers a space of ten thousand points without looking at any of them twice", () => {
    const space = parseSpace({ "/x": "uniform(1, 100, discrete=True, shape=2)" });
    const { trials, end } = simulate({ algorithm: random, space, maxTrials: 400, maxAttempts: 1, objective: () => 0 });
    expect(end).toBe("budget");
    expect(new Set(trials.map(({ id }) => id)).size).toBe(400);
  });
});
