import type { Observations } from "../observations.js";
import { remember } from "../remember.js";

/** The rows of a history by their objective, best first; ties keep the order of arrival. */
export interface Ranking {
  /** Row numbers; those of the last trials may be pending ones, see `rankWithLies`. */
  readonly rows: Int32Array;
  /** How many have a finite value. The others come after these. */
  readonly finiteCount: number;
}

interface Growing {
  /** What was ranked, in the order of arrival, to notice when the history was rewritten. */
  trials: unknown[];
  rows: Int32Array;
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
  const make = (): Growing => ({ trials: [], rows: new Int32Array(64), finiteCount: 0 });
  const known = remember(cache, { name: "ranking", make });
  const before = known.trials.length;
  if (before > count || known.trials[before - 1] !== trials[before - 1]) Object.assign(known, make());
  for (let row = known.trials.length; row < count; row++) {
    if (row >= known.rows.length) known.rows = doubled(known.rows);
    insert(known.rows, row, objectives);
    if (Number.isFinite(objectives[row]!)) known.finiteCount++;
    known.trials.push(trials[row]);
  }
  return { rows: known.rows.subarray(0, count), finiteCount: known.finiteCount };
}

/** Put a row after all that are as good; `rows` holds those before it. */
function insert(rows: Int32Array, row: number, objectives: Float64Array): void {
  const objective = objectives[row]!;
  let [low, high] = [0, row];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (objectives[rows[middle]!]! <= objective) low = middle + 1;
    else high = middle;
  }
  rows.copyWithin(low + 1, low, row);
  rows[low] = row;
}

function doubled(values: Int32Array): Int32Array {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}
