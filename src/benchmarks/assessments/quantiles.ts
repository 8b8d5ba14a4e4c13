/** Quartiles of numbers, by linear interpolation between order statistics; NaN of nothing. */
export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  return { lower: quantile(sorted, 0.25), median: quantile(sorted, 0.5), upper: quantile(sorted, 0.75) };
}

/**
 * The quantile of ascending numbers, linear between neighbours (type 7 of Hyndman & Fan 1996).
 *
 * @param p - In [0, 1].
 */
export function quantile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = p * (sorted.length - 1);
  const low = Math.floor(place);
  const [before, after] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  // Infinite neighbours would make NaN of 0 · ∞.
  return before === after || place === low ? before : before + (place - low) * (after - before);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of a sample; 0 of fewer than two. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
