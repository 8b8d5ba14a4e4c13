import type { Suggested } from "../storage.js";

/**
 * Guesses which number the next slot of an experiment will have.
 *
 * An algorithm that needs nothing but the number has its trial filled in the transaction that makes it. The function in
 * the database cannot ask the algorithm, and a transaction that waits for us would hold up everybody else. So
 * parameters are sent along for the next few numbers: how many follows from how far the numbers moved between our calls.
 */
export interface Foresight {
  /** Parameters by number, `null` where the algorithm has none for it. Empty while nothing is known. */
  suggestions(
    experimentId: number,
    suggest: (trialNumber: number) => Suggested | undefined,
    toSql: (suggestion: Suggested) => object,
  ): Readonly<Record<number, object | null>>;
  /** Take note of an answer: which number comes next, and whether a guess was right. */
  learn(experimentId: number, answer: { readonly kind: string; readonly upcoming: number | null }): void;
}

/** So many numbers at most: each costs some microseconds of the algorithm, and 200 bytes on the way. */
const widest = 32;

interface Experience {
  readonly isMissed: boolean;
  readonly before: { readonly width: number } | undefined;
}

/** A miss costs another turn under the lock of the history, a guess too many some microseconds: so wide soon, narrow slowly. */
function wide(moved: number, { isMissed, before }: Experience): number {
  const enough = isMissed ? 2 * moved : moved + (moved >> 1);
  return Math.min(widest, Math.max(enough, (before?.width ?? 1) - 1));
}

export function createForesight(): Foresight {
  const known = new Map<number, { next: number; width: number }>();
  return {
    suggestions(experimentId, suggest, toSql) {
      const { next, width } = known.get(experimentId) ?? { next: 1, width: 0 };
      return Object.fromEntries(
        Array.from({ length: width }, (_, index) => {
          const suggestion = suggest(next + index);
          return [next + index, suggestion === undefined ? null : toSql(suggestion)];
        }),
      );
    },

    learn(experimentId, { kind, upcoming }) {
      if (upcoming === null) return;
      const before = known.get(experimentId);
      const moved = before === undefined ? 1 : upcoming - before.next;
      // Idle slots have low numbers: then there is nothing to learn about how fast the others are.
      const width = moved < 1 ? (before?.width ?? 1) : wide(moved, { isMissed: kind === "suggest", before });
      known.set(experimentId, { next: upcoming, width });
    },
  };
}
