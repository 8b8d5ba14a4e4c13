import fc from "fast-check";
import { expect, it } from "vitest";
import type { Algorithm } from "../../../src/algorithms/algorithm.js";
import { membershipOf } from "../../../src/algorithms/pbt/members.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { simulate } from "../../../src/testing/simulate.js";
import { evaluatesAgain } from "../multi-fidelity/evaluates-again.js";
import { failing, randomRuns } from "../random-runs.js";

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });

/** The contract for a population, which begins with configurations from the prior whatever becomes of them later. */
export function populationContract(
  name: string,
  algorithm: Algorithm,
  options: Readonly<Record<string, unknown>> = {},
) {
  algorithmContract(name, algorithm, {
    options,
    exempt: [evaluatesAgain],
    trace: {
      "/epochs": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      "/layers": [2, 8, 6, 5, 1, 5, 5, 5, 8, 6],
      "/lr": [1.716e-5, 0.0002068, 0.8495, 0.8112, 0.0148, 0.004756, 0.09084, 0.0009606, 6.443e-5, 0.2391],
      "/momentum": [0.6698, 0.1575, 0.7327, 0.4575, 0.5881, 0.8053, 0.6881, 0.4142, 0.1883, 0.09346],
      "/optimizer": ["sgd", "adam", "adam", "rmsprop", "sgd", "adam", "adam", "adam", "rmsprop", "adam"],
    },
  });
}

/** What holds for a population whatever the order of completion is and whatever fails. */
export function populationProperties(
  name: string,
  algorithm: Algorithm,
  options: Readonly<Record<string, unknown>>,
  runs = 40,
) {
  it(`${name} tries a member again though an earlier try of it was removed`, () => {
    const failingAt = (broken: number) => (_: unknown, number: number) => (number <= broken ? undefined : number);
    const { trials } = simulate({ algorithm, options, space, maxTrials: 1, objective: failingAt(2) });
    const [, second] = trials;
    const resolved = configureAlgorithm(algorithm, { name, options, space });
    const suggestion = suggestAtOnce(algorithm, {
      ...{ space, options: resolved.options, seed: "1", attempt: 0, maxTrials: 60, pending: [], cache: new Map() },
      trialNumber: 3,
      history: [second!],
    });
    expect(suggestion).toMatchObject({ kind: "params", facts: second!.facts });
    expect(suggestion).not.toMatchObject({ claim: second!.claim });
  });

  it(`${name} completes each member once in each generation, after the generation before, whatever fails`, () => {
    fc.assert(
      fc.property(randomRuns, (setting) => {
        const objective = failing(setting, ({ "/x": x }) => x as number);
        const run = { algorithm, options, space, ...setting, maxTrials: 60, maxBroken: 1000, objective };
        const { trials, end } = simulate(run);
        expect(["budget", "done"]).toContain(end);
        const byId = new Map(trials.map((trial) => [trial.id, trial]));
        const completed = trials.filter(({ status }) => status === "completed");
        const finished = new Map(
          completed.map((trial) => [JSON.stringify(membershipOf(trial)), trial.finishedRevision!]),
        );
        expect(finished.size).toBe(completed.length);
        for (const trial of trials) {
          const { generation, ...rest } = membershipOf(trial)!;
          if (generation > 0)
            expect(
              finished.has(
                JSON.stringify({ ...membershipOf(trial)!, generation: generation - 1, member: rest.member }),
              ),
            ).toBe(true);
          if (trial.parent === undefined) continue;
          const parent = byId.get(trial.parent)!;
          expect(parent.status).toBe("completed");
          expect(membershipOf(parent)!.generation).toBeLessThan(generation);
          expect(trial.params["/epochs"]).toBeGreaterThan(parent.params["/epochs"] as number);
        }
      }),
      { numRuns: runs },
    );
  });
}
