import type { Definition, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { minimised } from "./direction.js";

/** The history as an algorithm sees it: every objective is to be minimised. */
export interface HistoryView {
  /** What this view was read at. */
  readonly revision: number;
  /** Completed and broken trials, in the order in which they finished. */
  readonly finished: readonly Trial[];
  /** Trials that have parameters but no outcome, by number. */
  readonly pending: readonly Trial[];
}

/**
 * Follows the history of one experiment: each call reads only what changed since the last one, so its cost does not
 * grow with the number of trials.
 */
export function followHistory({ storage, experimentId, direction }: HistorySource): () => Promise<HistoryView> {
  let revision = 0;
  let finished: Trial[] = [];
  const pending = new Map<number, Trial>();
  const seen = new Set<number>();

  return async () => {
    const changes = await storage.readChanges(experimentId, revision);
    if (changes.isRewritten) {
      finished = [];
      pending.clear();
      seen.clear();
    }
    for (const trial of changes.trials) {
      if (trial.finishedRevision === undefined) {
        pending.set(trial.number, trial);
      } else if (!seen.has(trial.number)) {
        pending.delete(trial.number);
        seen.add(trial.number);
        insertInOrder(finished, minimised(trial, direction));
      }
    }
    revision = changes.revision;
    return { revision, finished, pending: [...pending.values()].sort((a, b) => a.number - b.number) };
  };
}

/** Trials come in the order of their last change, which is nearly always the one that finished them. */
function insertInOrder(finished: Trial[], trial: Trial): void {
  let at = finished.length;
  while (at > 0 && finished[at - 1]!.finishedRevision! > trial.finishedRevision!) at--;
  finished.splice(at, 0, trial);
}

interface HistorySource {
  readonly storage: Storage;
  readonly experimentId: number;
  readonly direction: Definition["direction"];
}
