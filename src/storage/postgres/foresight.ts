import type { Suggested } from "../storage.js";

/**
 * Guesses which number the next slot of an experiment will have.
 *
 * An algorithm that needs nothing but the number has its trial filled in the transaction that makes it. The function in
 * the database cannot ask the algorithm, and a transaction that waits for us would hold up everybody else. So
 * parameters are sent along for the next few numbers: how many follows from how far the numbers moved between our calls.
 */
export interface Foresight {
  /**
   * Parameters by number, `null` where the algorithm has none for it. Empty while nothing is known, and `undefined` among
   * so many others that a guess is not worth its price.
   */
  suggestions(
    experimentId: number,
    suggest: (trialNumber: number) => Suggested | undefined,
    toSql: (suggestion: Suggested) => object,
  ): Readonly<Record<number, object | null>> | undefined;
  /** Take note of an answer: which number comes next, and whether a guess was right. */
  learn(experimentId: number, answer: { readonly kind: string; readonly upcoming: number | null }): void;
}

/**
 * So many numbers at most. Each costs 50 to 200 µs of the algorithm, and 200 bytes on the way; a slot that is filled in a
 * second step costs one statement, as much as a dozen of them. (With 32 as the limit, 64 workers each spent 34 ms of
 * processor time on a trial.)
 */
const widest = 10;

interface Experience {
  readonly isMissed: boolean;
  readonly before: { readonly width: number } | undefined;
}

/** A miss costs another turn under the lock of the history, a guess too many some microseconds: so wide soon, narrow slowly. */
function wide(moved: number, { isMissed, before }: Experience): number {
  const enough = isMissed ? 2 * moved : moved + (moved >> 1);
  // no wider than is forgotten within ten calls, when the others have left
  return Math.max(Math.min(enough, 2 * widest), (before?.width ?? 1) - 1);
}

export function createForesight(): Foresight {
  const known = new Map<number, { next: number; width: number }>();
  return {
    suggestions(experimentId, suggest, toSql) {
      const { next, width } = known.get(experimentId) ?? { next: 1, width: 0 };
      if (width > widest) return undefined;
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
