/**
 * The inner product of `count` numbers of `a` from `aStart` on with as many of `b` from `bStart` on.
 *
 * Four sums run side by side, since one would wait for each addition before it begins the next.
 */
export function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, count: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    first += a[aStart + i]! * b[bStart + i]!;
    second += a[aStart + i + 1]! * b[bStart + i + 1]!;
    third += a[aStart + i + 2]! * b[bStart + i + 2]!;
    fourth += a[aStart + i + 3]! * b[bStart + i + 3]!;
  }
  for (; i < count; i++) first += a[aStart + i]! * b[bStart + i]!;
  return first + second + (third + fourth);
}

/** Add `factor` times `count` numbers of `a` from `aStart` on to those of `out` from `outStart` on. */
export function addScaled(
  out: Float64Array,
  outStart: number,
  factor: number,
  a: Float64Array,
  aStart: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) out[outStart + i]! += factor * a[aStart + i]!;
}
