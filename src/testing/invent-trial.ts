import type { Result, Trial } from "../trial/trial.js";

/** What a test cares about; the rest is filled in. */
export type TrialSketch = Pick<Trial, "number" | "id" | "params" | "status"> & Partial<Trial>;

/** A trial that no storage has seen. An `objective` becomes its only result. */
export function inventTrial(sketch: TrialSketch): Trial {
  const { objective, number } = sketch;
  const results: readonly Result[] =
    objective === undefined ? [] : [{ name: "objective", type: "objective", value: objective }];
  return {
    experimentId: 1,
    results,
    objective,
    parent: undefined,
    owner: undefined,
    epoch: 1,
    leaseUntil: undefined,
    submitTime: number,
    startTime: number,
    endTime: undefined,
    createdRevision: number,
    filledRevision: number,
    changedRevision: sketch.finishedRevision ?? number,
    finishedRevision: undefined,
    basisRevision: 0,
    attempt: 0,
    workingDir: "",
    failure: sketch.status === "broken" ? { reason: "Invented." } : undefined,
    lateResults: [],
    facts: {},
    claim: undefined,
    stoppedAt: undefined,
    ...sketch,
  };
}
