import { leastRows } from "./least-rows.js";

/** Which observations a model sees when there are more than it can bear. */
export interface RowChoice {
  /** Shape (count × d) or longer, row-major, in the unit cube. */
  readonly points: Float64Array;
  /** d. */
  readonly size: number;
  /** Shape (count) or longer; Infinity where there is none. */
  readonly objectives: Float64Array;
  /** How many of them there are. */
  readonly count: number;
  /** How many are wanted at most. */
  readonly limit: number;
}

/**
 * Row numbers, ascending: all of them up to `limit`; of more, half for the best, a quarter for those nearest to the very
 * best, and the rest for the latest, which say where the search has been. Ties go to the earlier row.
 */
export function chooseRows({ points, size, objectives, count, limit }: RowChoice): Int32Array {
  if (count <= limit) return Int32Array.from({ length: count }, (_, row) => row);
  const half = limit >> 1;
  const best = leastRows({ count, limit: half, keyOf: (row) => objectives[row]! });
  const chosen = new Set(best);
  const center = best[0]! * size;
  const distances = Float64Array.from({ length: count }, (_, row) => squaredDistance(points, row * size, center, size));
  const withNearest = half + (limit >> 2);
  // of so many, those that are among the best already leave as many as are wanted
  takeUpTo(chosen, leastRows({ count, limit: withNearest, keyOf: (row) => distances[row]! }), withNearest);
  const latest = Int32Array.from({ length: limit }, (_, index) => count - 1 - index);
  takeUpTo(chosen, latest, limit);
  return Int32Array.from(chosen).sort();
}

function takeUpTo(chosen: Set<number>, rows: Int32Array, limit: number): void {
  for (const row of rows) {
    if (chosen.size >= limit) return;
    chosen.add(row);
  }
}

function squaredDistance(points: Float64Array, a: number, b: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) {
    const difference = points[a + k]! - points[b + k]!;
    sum += difference * difference;
  }
  return sum;
}

/** The chosen rows of a row-major matrix, one after the other. */
export function gatherRows(matrix: Float64Array, rows: Int32Array, size: number): Float64Array {
  const gathered = new Float64Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    gathered.set(matrix.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  }
  return gathered;
}
