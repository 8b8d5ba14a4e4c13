import fc from "fast-check";
import { expect, it } from "vitest";
import type { Algorithm } from "../../../src/algorithms/algorithm.js";
import { membershipOf } from "../../../src/algorithms/pbt/members.js";
import { keyedRng } from "../../../src/math/rng.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { simulate } from "../../../src/testing/simulate.js";

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });

/** What holds for a population whatever the order of completion is and whatever fails. */
export function populationProperties(
  name: string,
  algorithm: Algorithm,
  options: Readonly<Record<string, unknown>>,
  runs = 40,
) {
  const histories = fc.record({
    workers: fc.integer({ min: 1, max: 12 }),
    schedule: fc.nat(1000),
    failures: fc.constantFrom(0, 0.1, 0.4),
  });

  it(`${name} completes each member once in each generation, after the generation before, whatever fails`, () => {
    fc.assert(
      fc.property(histories, ({ workers, schedule, failures }) => {
        const objective = (params: Params, number: number) =>
          keyedRng("fails", schedule, number).next() < failures ? undefined : (params["/x"] as number);
        const run = { algorithm, options, space, workers, schedule, maxTrials: 60, maxBroken: 1000, objective };
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
