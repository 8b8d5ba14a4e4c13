interface Selection {
  /** Rows are 0 … count − 1. */
  readonly count: number;
  /** How many are wanted at most. */
  readonly limit: number;
  /** May be infinite, not NaN. */
  readonly keyOf: (row: number) => number;
}

/** The rows with the least keys, in the order of these; ties go to the earlier row. It hardly costs more than a look at each. */
export function leastRows({ count, limit, keyOf }: Selection): Int32Array {
  // two infinities have no difference
  const byKey = (a: number, b: number) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a - b);
  const kept: number[] = [];
  let highest: number | undefined;
  for (let row = 0; row < count; row++) {
    // of equal keys those that were kept are earlier
    if (highest !== undefined && keyOf(row) >= highest) continue;
    kept.push(row);
    if (kept.length < 2 * limit) continue;
    kept.sort(byKey).length = limit;
    highest = keyOf(kept[limit - 1]!);
  }
  return Int32Array.from(kept.sort(byKey).slice(0, limit));
}
