import type { Trial } from "../../trial/trial.js";
import { mergeNewer } from "../merge-newer.js";

/** Trials by objective. */
export interface RankedTrials {
  add(trial: Trial): void;
  /** Best first; equal objectives in the order in which they were added. The list belongs to this, and changes with it. */
  bestFirst(): readonly Trial[];
}

/**
 * Trials that are ranked when somebody asks for it: those of a long history that is read at once are sorted once, where to
 * put each in its place would cost the square of their number.
 */
export function createRankedTrials(): RankedTrials {
  const trials: Trial[] = [];
  let rankedCount = 0;
  return {
    add: (trial) => trials.push(trial),
    bestFirst: () => {
      if (rankedCount < trials.length) {
        // two infinities have no difference
        const newer = trials.slice(rankedCount).sort((a, b) => (rankOf(a) === rankOf(b) ? 0 : rankOf(a) - rankOf(b)));
        mergeNewer(trials, { count: rankedCount, newer, keyOf: rankOf });
        rankedCount = trials.length;
      }
      return trials;
    },
  };
}

/** NaN and infinities are the worst. */
export function rankOf({ objective }: Trial): number {
  return objective !== undefined && Number.isFinite(objective) ? objective : Number.POSITIVE_INFINITY;
}
