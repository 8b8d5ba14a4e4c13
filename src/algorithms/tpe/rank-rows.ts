import { foldHistory } from "../fold-history.js";
import { mergeNewer } from "../merge-newer.js";
import type { Observations } from "../observations.js";

/** The rows of a history by their objective, best first; ties keep the order of arrival. */
export interface Ranking {
  /** Row numbers; those of the last trials may be pending ones, see `rankWithLies`. */
  readonly rows: Int32Array;
  /** How many have a finite value. The others come after these. */
  readonly finiteCount: number;
}

interface Growing {
  rows: Int32Array;
  /** How many of them are in their places. */
  ranked: number;
  /** Of all trials. */
  finiteCount: number;
}

/**
 * Rank the finished trials of a history. A new one is put into its place, so a long history costs next to nothing.
 *
 * The rows belong to the cache.
 */
export function rankRows(
  { trials, count, objectives }: Pick<Observations, "trials" | "count" | "objectives">,
  cache: Map<string, unknown>,
): Ranking {
  const known = foldHistory(
    { history: trials, cache },
    {
      name: "ranking",
      make: (): Growing => ({ rows: new Int32Array(64), ranked: 0, finiteCount: 0 }),
      add: (growing, _trial, row) => {
        if (Number.isFinite(objectives[row]!)) growing.finiteCount++;
      },
    },
  );
  if (count > known.rows.length) known.rows = enlarged(known.rows, Math.max(count, 2 * known.rows.length));
  const newer = sortedRows(known.ranked, count, objectives);
  mergeNewer(known.rows, { count: known.ranked, newer, keyOf: (row) => objectives[row]! });
  known.ranked = count;
  return { rows: known.rows.subarray(0, count), finiteCount: known.finiteCount };
}

/** The rows from `first` to before `end`, best first. */
function sortedRows(first: number, end: number, objectives: Float64Array): Int32Array {
  // two infinities have no difference
  const by = (a: number, b: number) => (objectives[a] === objectives[b] ? a - b : objectives[a]! - objectives[b]!);
  return Int32Array.from({ length: end - first }, (_, index) => first + index).sort(by);
}

function enlarged(values: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(values);
  return larger;
}
