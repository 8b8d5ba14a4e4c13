import fc from "fast-check";
import { expect, it } from "vitest";
import dehb from "../../../src/algorithms/dehb/dehb.js";
import { planOf, slotOf } from "../../../src/algorithms/dehb/populations.js";
import hyperband from "../../../src/algorithms/hyperband.js";
import { fidelityOf } from "../../../src/algorithms/multi-fidelity/fidelity.js";
import { placeOf } from "../../../src/algorithms/multi-fidelity/rungs.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { simulate } from "../../../src/testing/simulate.js";
import { evaluatesAgain } from "../multi-fidelity/evaluates-again.js";
import { failing, randomRunsWithBudget } from "../random-runs.js";

algorithmContract("dehb", dehb, {
  exempt: [evaluatesAgain],
  trace: {
    "/epochs": [1, 1, 1, 1, 1, 1, 1, 1, 1, 3],
    "/layers": [8, 7, 4, 2, 8, 4, 5, 3, 6, 2],
    "/lr": [0.0001525, 0.002455, 0.5581, 0.0003503, 0.9653, 0.05255, 0.004207, 0.0004071, 1.123e-5, 0.0003503],
    "/momentum": [0.6463, 0.4045, 0.05247, 0.8137, 0.6597, 0.9452, 0.5016, 0.06229, 0.7726, 0.8137],
    "/optimizer": ["sgd", "sgd", "rmsprop", "adam", "sgd", "rmsprop", "sgd", "sgd", "rmsprop", "adam"],
  },
});

const space = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });
const valley = ({ "/x": x, "/y": y, "/epochs": epochs }: Params) =>
  ((x as number) - 0.3) ** 2 + ((y as number) - 0.8) ** 2 + 1 / (epochs as number);

it("keeps the schedule of Hyperband, and promotes in the first bracket only: R = 9, η = 3", () => {
  const run = simulate({ algorithm: dehb, options: { repetitions: 1 }, space, maxTrials: 99, objective: valley });
  expect(run.end).toBe("done");
  const shown = run.trials.map(
    ({ params, facts, parent }) => `${facts.bracket}:${params["/epochs"]}${parent ? "p" : ""}`,
  );
  expect(shown).toEqual([
    ...Array(9).fill("0:1"),
    ...Array(3).fill("0:3p"),
    "0:9p",
    ...Array(3).fill("1:3"),
    "1:9",
    ...Array(3).fill("2:9"),
  ]);
});

it("lets the places of a fidelity compete with its members one after the other, over all brackets", () => {
  const plan = planOf(fidelityOf(space));
  expect([...plan.sizes]).toEqual([
    [1, 9],
    [3, 3],
    [9, 3],
  ]);
  const slots = (repetition: number, bracket: number, rung: number) => {
    const { size } = plan.brackets[bracket]![rung]!;
    return Array.from({ length: size }, (_, place) => slotOf(plan, { repetition, bracket, rung, place }));
  };
  expect([slots(0, 0, 2), slots(0, 1, 1), slots(0, 2, 0), slots(1, 0, 2)]).toEqual([[0], [1], [2, 0, 1], [2]]);
});

it("finds better configurations than Hyperband with as many trials", () => {
  const best = (algorithm: typeof dehb, seed: string) =>
    Math.min(
      ...simulate({ algorithm, space, seed, maxTrials: 150, objective: valley })
        .trials.filter(({ params }) => params["/epochs"] === 9)
        .map((trial) => trial.objective!),
    );
  const seeds = Array.from({ length: 7 }, (_, seed) => `${seed}`);
  const median = (algorithm: typeof dehb) =>
    seeds.map((seed) => best(algorithm, seed)).sort((a, b) => a - b)[3]! - 1 / 9;
  expect(median(dehb)).toBeLessThan(median(hyperband) / 2);
});

it("goes on in a small space whose fidelity has more rungs than could be filled", () => {
  const few = parseSpace({ "/x": "uniform(1, 4, discrete=True)", "/epochs": "fidelity(1, 2**53 - 1)" });
  const objective = ({ "/x": x }: Params) => x as number;
  const { trials, end } = simulate({ algorithm: dehb, space: few, workers: 6, maxTrials: 40, objective });
  expect(end).toBe("budget");
  expect(trials.some(({ facts }) => facts.bracket !== 0)).toBe(true);
});

it("promotes no trial twice, overfills no rung and never gets stuck, whatever fails", () => {
  const plan = planOf(fidelityOf(space));
  fc.assert(
    fc.property(randomRunsWithBudget, (run) => {
      const objective = failing(run, valley);
      const { trials, end } = simulate({ algorithm: dehb, space, ...run, maxBroken: 1000, objective });
      expect(end).toBe("budget");
      const parents = trials.flatMap(({ parent }) => parent ?? []);
      expect(new Set(parents).size).toBe(parents.length);
      const counts = new Map<string, number>();
      for (const trial of trials) {
        const { repetition, bracket, rung } = placeOf(trial)!;
        expect(trial.parent !== undefined).toBe(repetition === 0 && bracket === 0 && rung > 0);
        const key = `${repetition} ${bracket} ${rung}`;
        if (trial.status === "completed") counts.set(key, 1 + (counts.get(key) ?? 0));
        expect(counts.get(key) ?? 0).toBeLessThanOrEqual(plan.brackets[bracket]![rung]!.size);
      }
    }),
    { numRuns: 40 },
  );
});

it.each([
  { mutation_factor: -1 },
  { crossover_prob: 2 },
  { mutation_strategy: "toString" },
  { crossover_strategy: null },
  { boundary_fix_type: "wrap" },
  { min_clip: 3 },
  { min_clip: 0.5, max_clip: 0.4 },
  { repetitions: 0 },
])("refuses %o", (wrong) => {
  const [name] = Object.keys(wrong);
  expect(() => configureAlgorithm(dehb, { name: "dehb", options: wrong, space })).toThrow(name!);
});
