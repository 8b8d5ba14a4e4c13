import type { Definition, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { minimised } from "./direction.js";
import { readInTurn } from "./read-in-turn.js";

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
 * grow with the number of trials. Calls may overlap: each sees all that was written before it.
 *
 * What is known is the history as of `revision`, and each reply continues from there, handled before the next one is
 * asked for. So the revision never goes back, a trial that finished up to it is in `finished` already and never pending
 * again, and `finished` only grows at its end until the history is rewritten.
 */
export function followHistory({ storage, experimentId, direction }: HistorySource): () => Promise<HistoryView> {
  let revision = 0;
  let finished: Trial[] = [];
  const pending = new Map<number, Trial>();

  return readInTurn(async () => {
    const changes = await storage.readChanges(experimentId, revision);
    if (changes.isRewritten) {
      finished = [];
      pending.clear();
      revision = 0;
    }
    for (const trial of changes.trials) {
      if (trial.finishedRevision === undefined) {
        pending.set(trial.number, become(trial, seenPending(trial)));
      } else if (trial.finishedRevision > revision) {
        pending.delete(trial.number);
        insertInOrder(finished, become(trial, seenFinished(trial, direction)));
      }
    }
    revision = changes.revision;
    return { revision, finished, pending: [...pending.values()].sort((a, b) => a.number - b.number) };
  });
}

/** What was read belongs to the reader, so it is changed in place: a long history would else be there twice for a while. */
function become(trial: Trial, seen: Trial): Trial {
  return Object.assign(trial, seen);
}

/**
 * Trials come in the order of their last change, which is nearly always the one that finished them. Several that
 * finished at one revision, by hand or by a merge, are in the order of their numbers.
 */
function insertInOrder(finished: Trial[], trial: Trial): void {
  let at = finished.length;
  while (at > 0 && isAfter(finished[at - 1]!, trial)) at--;
  finished.splice(at, 0, trial);
}

function isAfter(one: Trial, other: Trial): boolean {
  const [a, b] = [one.finishedRevision!, other.finishedRevision!];
  return a === b ? one.number > other.number : a > b;
}

/**
 * A trial without an outcome as algorithms see it: its parameters and what was noted with them. Who holds it, and
 * whether anybody does, is hidden, so that a suggestion cannot come to depend on it and can be recomputed later.
 */
export function seenPending(trial: Trial): Trial {
  return { ...trial, ...unowned, status: "reserved", results: [], objective: undefined, ...withoutEnd };
}

/** A trial that has ended as algorithms see it. Results that came later still are hidden. */
export function seenFinished(trial: Trial, direction: Definition["direction"]): Trial {
  return { ...minimised(trial, direction), ...unowned };
}

const unowned = {
  owner: undefined,
  leaseUntil: undefined,
  epoch: 0,
  changedRevision: 0,
  workingDir: "",
  lateResults: [],
} satisfies Partial<Trial>;
const withoutEnd = {
  startTime: undefined,
  endTime: undefined,
  finishedRevision: undefined,
  failure: undefined,
  stoppedAt: undefined,
};

interface HistorySource {
  readonly storage: Storage;
  readonly experimentId: number;
  readonly direction: Definition["direction"];
}
