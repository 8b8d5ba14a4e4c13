import { enumerable } from "../space/cardinality.js";
import type { Space } from "../space/dimension.js";
import type { ExperimentRecord, Storage, Summary } from "../storage/storage.js";
import { isFinal, trialStatuses } from "../trial/trial.js";

/**
 * True when nothing is left to do: the budget is used up, or a finite space is covered, nobody is at work and no trial
 * waits for somebody.
 */
export function isDone(record: ExperimentRecord, space: Space, summary: Summary): boolean {
  return summary.counts.completed >= record.maxTrials || (haveAllEnded(summary) && isCovered(space, summary));
}

/** True when every point of a finite space is a trial. */
export function isCovered(space: Space, { counts }: Summary): boolean {
  const trials = trialStatuses.reduce((sum, status) => sum + counts[status], 0);
  return trials >= enumerable(space);
}

/** True when nobody is at work on an experiment and no trial waits: where nothing can be suggested, it is over. */
export async function isQuiet(
  storage: Pick<Storage, "listOwners" | "summarize">,
  experimentId: number,
): Promise<boolean> {
  // In this order: whoever gives a trial back between the two questions is heard by one of them.
  const owners = await storage.listOwners(experimentId);
  return owners.length === 0 && haveAllEnded(await storage.summarize(experimentId));
}

function haveAllEnded({ counts }: Summary): boolean {
  return trialStatuses.every((status) => isFinal(status) || counts[status] === 0);
}
