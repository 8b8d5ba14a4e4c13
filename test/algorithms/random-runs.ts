import fc from "fast-check";
import { keyedRng } from "../../src/math/rng.js";
import type { Params } from "../../src/space/dimension.js";

const parts = {
  workers: fc.integer({ min: 1, max: 12 }),
  schedule: fc.nat(1000),
  failures: fc.constantFrom(0, 0.1, 0.4),
};

/** How a simulated run goes: how many workers, in which order they take their steps, and the share of trials that fail. */
export const randomRuns = fc.record(parts);

/** The same, with a budget that ends it anywhere. */
export const randomRunsWithBudget = fc.record({ ...parts, maxTrials: fc.integer({ min: 1, max: 70 }) });

interface Run {
  readonly schedule: number;
  readonly failures: number;
}

/** An objective for `simulate` that fails for some numbers of trials. */
export function failing({ schedule, failures }: Run, objective: (params: Params) => number) {
  return (params: Params, number: number) =>
    keyedRng("fails", schedule, number).next() < failures ? undefined : objective(params);
}
