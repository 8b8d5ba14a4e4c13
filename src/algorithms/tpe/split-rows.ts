import type { Ranking } from "./rank-rows.js";

/** Rows in order of arrival. */
export interface Split {
  /** The best: they train l(x). */
  readonly below: Int32Array;
  /** The others: they train g(x). */
  readonly above: Int32Array;
}

export interface SplitOptions {
  /** The share of the best, in (0, 1), and the most that there may be. */
  readonly gamma: number;
  readonly maxBelow: number;
  /** `above` never has more rows than this. */
  readonly maxAbove: number;
}

/**
 * The split of TPE: the best ⌈γ n⌉ of n observations, and the rest. What has no finite value is never among the best,
 * so `below` is empty when there is nothing else.
 *
 * When the rest is too long, its newest half is kept whole, since that is where the search is now, and of the older
 * rows every so many by rank, so that they keep their shape. Then a suggestion costs the same after ten thousand trials.
 *
 * @param extra - Rows that belong to the rest and do not count in n, for instance of pending trials; they are newer
 *   than all others.
 * @see Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization", §4, https://papers.nips.cc/paper/4443
 */
export function splitRows({ rows, finiteCount }: Ranking, extra: readonly number[], options: SplitOptions): Split {
  const { gamma, maxBelow, maxAbove } = options;
  const belowCount = Math.min(Math.ceil(gamma * rows.length), maxBelow, finiteCount);
  const newest = extra.slice(-Math.floor(maxAbove / 2));
  const others = thinOut(rows.subarray(belowCount), maxAbove - newest.length);
  const above = new Int32Array(others.length + newest.length);
  above.set(ascending(others));
  above.set(newest, others.length);
  return { below: ascending(rows.subarray(0, belowCount)), above };
}

/** Different row numbers in their order. Where they lie as close as in a history, marking them is quicker than sorting. */
function ascending(rows: Int32Array): Int32Array {
  let end = 0;
  for (let i = 0; i < rows.length; i++) end = Math.max(end, rows[i]! + 1);
  if (end > 16 * rows.length) return rows.toSorted();
  const isMarked = new Uint8Array(end);
  for (let i = 0; i < rows.length; i++) isMarked[rows[i]!] = 1;
  const sorted = new Int32Array(rows.length);
  for (let row = 0, count = 0; row < end; row++) if (isMarked[row] === 1) sorted[count++] = row;
  return sorted;
}

/** At most `limit` rows: the newest, and of the others some of each rank. */
function thinOut(ranked: Int32Array, limit: number): Int32Array {
  if (ranked.length <= limit) return ranked;
  let last = 0;
  for (let i = 0; i < ranked.length; i++) last = Math.max(last, ranked[i]!);
  const threshold = last + 1 - Math.ceil(limit / 2);
  let olderCount = 0;
  for (let i = 0; i < ranked.length; i++) if (ranked[i]! < threshold) olderCount++;
  const step = (limit - (ranked.length - olderCount)) / olderCount;
  const kept = new Int32Array(limit);
  let [count, older] = [0, 0];
  for (let i = 0; i < ranked.length; i++) {
    const row = ranked[i]!;
    const isKept = row >= threshold || Math.floor((older + 1) * step) > Math.floor(older * step);
    if (row < threshold) older++;
    if (isKept) kept[count++] = row;
  }
  return kept.subarray(0, count);
}
