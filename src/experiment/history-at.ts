import type { Definition } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { type HistoryView, seenFinished, seenPending } from "./history.js";

/**
 * The history of an experiment as it was at any of its revisions, rebuilt from the trials as they are now: what an
 * algorithm saw when it made a suggestion from that revision.
 *
 * A trial was pending from `filledRevision` on, until `finishedRevision`. Removals and changes by hand cannot be undone
 * here, so a revision before the last of them is not what it was; nor is one at which a trial was pending that an older
 * version of orion stored without its `filledRevision`. `isKnownAt` tells.
 *
 * @param options.trials - All of them, in any order.
 * @param options.rewrittenRevision - Of the last removal, change by hand, or merge that gave ended trials another end; 0
 *   when there was none.
 */
export function historyAt({ trials, direction, rewrittenRevision }: HistoryAtInput): PastHistory {
  const finished = trials
    .filter((trial) => trial.finishedRevision !== undefined)
    .map((trial) => ({ revision: trial.finishedRevision!, trial: seenFinished(trial, direction) }))
    .sort((a, b) => a.revision - b.revision || a.trial.number - b.trial.number);
  const ordered = finished.map(({ trial }) => trial);
  const ends = finished.map(({ revision }) => revision);
  const byNumber = trials.toSorted((a, b) => a.number - b.number);
  const unknown = byNumber.filter((trial) => trial.filledRevision === undefined);

  return {
    at: (revision) => ({
      revision,
      finished: ordered.slice(0, countUpTo(ends, revision)),
      pending: byNumber.filter((trial) => isPendingAt(trial, revision)).map(seenPending),
    }),
    isKnownAt: (revision) =>
      revision >= rewrittenRevision &&
      unknown.every((trial) => trial.createdRevision > revision || isFinishedAt(trial, revision)),
  };
}

export interface PastHistory {
  /** What was known at a revision. */
  at(revision: number): HistoryView;
  /** True when that is exactly what it was. */
  isKnownAt(revision: number): boolean;
}

interface HistoryAtInput {
  readonly trials: readonly Trial[];
  readonly direction: Definition["direction"];
  readonly rewrittenRevision: number;
}

function isFinishedAt({ finishedRevision }: Trial, revision: number): boolean {
  return finishedRevision !== undefined && finishedRevision <= revision;
}

function isPendingAt(trial: Trial, revision: number): boolean {
  return (trial.filledRevision ?? trial.createdRevision) <= revision && !isFinishedAt(trial, revision);
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
