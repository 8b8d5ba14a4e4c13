/** A queue of things that happen at a time; equal times leave in the order of arrival. */
export interface EventQueue<T> {
  readonly size: number;
  add(time: number, event: T): void;
  /** Take out the earliest, or `undefined` when none is left. */
  next(): { readonly time: number; readonly event: T } | undefined;
}

interface Entry<T> {
  readonly time: number;
  readonly arrival: number;
  readonly event: T;
}

/** A binary heap. */
export function createEventQueue<T>(): EventQueue<T> {
  const heap: Entry<T>[] = [];
  let arrivals = 0;
  const isBefore = (a: Entry<T>, b: Entry<T>) => a.time < b.time || (a.time === b.time && a.arrival < b.arrival);

  const rise = (entry: Entry<T>) => {
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  };

  const sink = (entry: Entry<T>) => {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, entry)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = entry;
  };

  return {
    get size() {
      return heap.length;
    },
    add: (time, event) => rise({ time, arrival: arrivals++, event }),
    next: () => {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length > 0) sink(last!);
      return first;
    },
  };
}
