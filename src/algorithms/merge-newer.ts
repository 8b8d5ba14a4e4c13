/** What comes to a list that is sorted. */
export interface Newer<Item> {
  /** How many items of the list are sorted; behind them it has room for the others, or these themselves. */
  readonly count: number;
  /** Sorted. */
  readonly newer: ArrayLike<Item>;
  /** By which they are sorted, from low to high. */
  readonly keyOf: (item: Item) => number;
}

/** Put newer items in their places in a sorted list, after all that are as good: each old one moves once at most. */
export function mergeNewer<Item>(items: { [at: number]: Item }, { count, newer, keyOf }: Newer<Item>): void {
  let old = count - 1;
  let to = count + newer.length - 1;
  for (let at = newer.length - 1; at >= 0; at--) {
    const item = newer[at]!;
    const value = keyOf(item);
    while (old >= 0 && keyOf(items[old]!) > value) items[to--] = items[old--]!;
    items[to--] = item;
  }
}
