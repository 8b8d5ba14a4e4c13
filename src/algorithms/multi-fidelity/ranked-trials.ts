import type { Trial } from "../../trial/trial.js";
import { mergeNewer } from "../merge-newer.js";

/** Trials by objective. */
export interface RankedTrials {
  add(trial: Trial): void;
  /** Best first; equal objectives in the order in which they were added. The list belongs to this, and changes with it. */
  bestFirst(): readonly Trial[];
  /** Where a trial of the list stands in it. */
  indexOf(trial: Trial): number;
  /** The best trial that is neither gone nor taken. */
  firstFree(used: Used): Trial | undefined;
}

export interface Used {
  /** For good. Such a trial is dropped when it is met, so that it costs nothing again. */
  readonly isGone: (trial: Trial) => boolean;
  /** For now. */
  readonly isTaken: (trial: Trial) => boolean;
}

/**
 * Trials that are ranked when somebody asks for it: those of a long history that is read at once are sorted once, where to
 * put each in its place would cost the square of their number.
 */
export function createRankedTrials(): RankedTrials {
  const trials: Trial[] = [];
  let rankedCount = 0;
  const bestFirst = () => {
    if (rankedCount < trials.length) {
      // two infinities have no difference
      const newer = trials.slice(rankedCount).sort((a, b) => (rankOf(a) === rankOf(b) ? 0 : rankOf(a) - rankOf(b)));
      mergeNewer(trials, { count: rankedCount, newer, keyOf: rankOf });
      rankedCount = trials.length;
    }
    return trials;
  };
  return {
    add: (trial) => trials.push(trial),
    bestFirst,
    indexOf: (trial) => bestFirst().indexOf(trial, countBetter(bestFirst(), rankOf(trial))),
    firstFree: ({ isGone, isTaken }) => {
      const ranked = bestFirst();
      const kept: Trial[] = [];
      let at = 0;
      for (; at < ranked.length; at++) {
        const trial = ranked[at]!;
        if (isGone(trial)) continue;
        if (!isTaken(trial)) break;
        kept.push(trial);
      }
      if (kept.length < at) ranked.splice(0, at, ...kept);
      rankedCount = ranked.length;
      return ranked[kept.length];
    },
  };
}

function countBetter(ranked: readonly Trial[], rank: number): number {
  let [low, high] = [0, ranked.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rankOf(ranked[middle]!) < rank) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** NaN and infinities are the worst. */
export function rankOf({ objective }: Trial): number {
  return objective !== undefined && Number.isFinite(objective) ? objective : Number.POSITIVE_INFINITY;
}
