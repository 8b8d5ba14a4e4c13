import { enumerable } from "../space/cardinality.js";
import type { Space } from "../space/dimension.js";
import type { ExperimentRecord, Summary } from "../storage/storage.js";
import { isFinal, trialStatuses } from "../trial/trial.js";

/**
 * True when nothing is left to do: the budget is used up, or a finite space is covered, nobody is at work and no trial
 * waits for somebody.
 */
export function isDone(record: ExperimentRecord, space: Space, summary: Summary): boolean {
  const { counts } = summary;
  if (counts.completed >= record.maxTrials) return true;
  return trialStatuses.every((status) => isFinal(status) || counts[status] === 0) && isCovered(space, summary);
}

/** True when every point of a finite space is a trial. */
export function isCovered(space: Space, { counts }: Summary): boolean {
  const trials = trialStatuses.reduce((sum, status) => sum + counts[status], 0);
  return trials >= enumerable(space);
}
