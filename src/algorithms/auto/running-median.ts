/** Numbers of which the median is asked as they come. */
export interface RunningMedian {
  /** Costs O(log n). */
  add(value: number): void;
  /** The upper median: of n sorted numbers that at ⌊n / 2⌋; `undefined` when there is none. */
  median(): number | undefined;
}

/** Two heaps: the smaller half with its largest number on top, and the larger half with its smallest. */
export function createRunningMedian(): RunningMedian {
  const lower = createHeap(-1);
  const upper = createHeap(1);
  return {
    add: (value) => {
      const top = upper.top();
      if (top !== undefined && value < top) lower.push(value);
      else upper.push(value);
      if (lower.count > upper.count) upper.push(lower.pop());
      else if (upper.count > lower.count + 1) lower.push(upper.pop());
    },
    median: () => upper.top(),
  };
}

interface Heap {
  readonly count: number;
  top(): number | undefined;
  push(value: number): void;
  /** Of a heap that has a number. */
  pop(): number;
}

/** @param sign - 1 for the smallest number on top, -1 for the largest. */
function createHeap(sign: 1 | -1): Heap {
  let values = new Float64Array(64);
  let count = 0;
  const isAbove = (a: number, b: number) => sign * values[a]! < sign * values[b]!;
  const swap = (a: number, b: number) => {
    const value = values[a]!;
    values[a] = values[b]!;
    values[b] = value;
  };
  return {
    get count() {
      return count;
    },
    top: () => (count === 0 ? undefined : values[0]),
    push: (value) => {
      if (count === values.length) {
        const larger = new Float64Array(2 * count);
        larger.set(values);
        values = larger;
      }
      values[count] = value;
      for (let at = count++, parent = (at - 1) >> 1; at > 0 && isAbove(at, parent); parent = (at - 1) >> 1) {
        swap(at, parent);
        at = parent;
      }
    },
    pop: () => {
      const top = values[0]!;
      values[0] = values[--count]!;
      for (let at = 0; ; ) {
        let best = at;
        for (let child = 2 * at + 1; child <= 2 * at + 2; child++)
          if (child < count && isAbove(child, best)) best = child;
        if (best === at) return top;
        swap(at, best);
        at = best;
      }
    },
  };
}
