import fc from "fast-check";
import { expect, it } from "vitest";
import type { Algorithm } from "../../../src/algorithms/algorithm.js";
import { placeOf } from "../../../src/algorithms/multi-fidelity/rungs.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { simulate } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { failing, randomRunsWithBudget } from "../random-runs.js";

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });

/** What holds for successive halving whatever the order of completion is and whatever fails. */
export function halvingProperties(name: string, algorithm: Algorithm, options: Readonly<Record<string, unknown>> = {}) {
  it(`${name} promotes no trial twice, only completed ones, one rung up, and never gets stuck`, () => {
    fc.assert(
      fc.property(randomRunsWithBudget, (run) => {
        const objective = failing(run, ({ "/x": x }) => x as number);
        const { trials, end } = simulate({ algorithm, options, space, ...run, maxBroken: 1000, objective });
        expect(["budget", "done"]).toContain(end);
        const byId = new Map(trials.map((trial) => [trial.id, trial]));
        const parents = trials.flatMap(({ parent }) => parent ?? []);
        expect(new Set(parents).size).toBe(parents.length);
        for (const trial of trials) expectStep(trial, byId);
      }),
      { numRuns: 60 },
    );
  });
}

function expectStep(trial: Trial, byId: ReadonlyMap<string, Trial>): void {
  const place = placeOf(trial)!;
  expect(place.rung === 0).toBe(trial.parent === undefined);
  if (trial.parent === undefined) return;
  const parent = byId.get(trial.parent)!;
  const { repetition, bracket, rung } = place;
  expect(parent.status).toBe("completed");
  expect(placeOf(parent)).toMatchObject({ repetition, bracket, rung: rung - 1 });
  expect(trial.params["/x"]).toBe(parent.params["/x"]);
  expect(trial.params["/epochs"]).toBeGreaterThan(parent.params["/epochs"] as number);
}
