/** What comes to a list that is sorted. */
export interface Newer<Item> {
  /** How many items of the list are sorted; behind them it has room for the others, or these themselves. */
  readonly count: number;
  /** Sorted. */
  readonly newer: ArrayLike<Item>;
  /** By which they are sorted, from low to high. */
  readonly keyOf: (item: Item) => number;
}

/**
 * Put newer items in their places in a sorted list, after all that are as good: each old one moves once at most, and only
 * those that a search for a place comes by are looked at.
 */
export function mergeNewer<Item>(items: { [at: number]: Item }, { count, newer, keyOf }: Newer<Item>): void {
  let end = count;
  for (let at = newer.length - 1; at >= 0; at--) {
    const item = newer[at]!;
    const place = placeAfter(items, { end, key: keyOf(item), keyOf });
    for (let old = end - 1; old >= place; old--) items[old + at + 1] = items[old]!;
    items[place + at] = item;
    end = place;
  }
}

/** The place behind all of the first `end` items whose key is not above `key`. */
function placeAfter<Item>(
  items: { readonly [at: number]: Item },
  { end, key, keyOf }: { readonly end: number; readonly key: number; readonly keyOf: (item: Item) => number },
): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(items[middle]!) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
