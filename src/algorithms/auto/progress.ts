import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { createRunningMedian, type RunningMedian } from "./running-median.js";

/** How a search stands. */
export interface Progress {
  /** Finished trials since the last one that was clearly better than all before it. */
  readonly sinceBetter: number;
  /** Finished trials with a finite objective. */
  readonly knownCount: number;
}

interface Seen {
  readonly objectives: RunningMedian;
  best: number;
  sinceBetter: number;
  knownCount: number;
}

/** A new best counts when it gains so much of what the median is behind. */
const clearGain = 1e-4;

/** How long the best result has hardly moved. Small gains count once they add up to a clear one. */
export function progressOf(context: Pick<SuggestContext, "history" | "cache">): Progress {
  return foldHistory(context, {
    name: "progress",
    make: (): Seen => ({
      objectives: createRunningMedian(),
      best: Number.POSITIVE_INFINITY,
      sinceBetter: 0,
      knownCount: 0,
    }),
    add: (seen, { status, objective }) => {
      seen.sinceBetter++;
      if (status !== "completed" || objective === undefined || !Number.isFinite(objective)) return;
      seen.knownCount++;
      seen.objectives.add(objective);
      const behind = seen.objectives.median()! - objective;
      if (objective < seen.best && !(seen.best - objective < clearGain * behind)) {
        seen.best = objective;
        seen.sinceBetter = 0;
      }
    },
  });
}
