import type { Bounds } from "./natural-bounds.js";
import { roundToPrecision } from "./round-to-precision.js";

/**
 * A value rounded to so many significant digits: to the nearest decimal, or to the next one inside of the bounds where that
 * lies outside, so that no bound gets more than its share. Where no decimal is inside, it is the nearer bound.
 *
 * @param value - Inside the bounds.
 */
export function roundInside(value: number, digits: number | undefined, { low, high }: Bounds): number {
  const rounded = roundToPrecision(value, digits);
  if (rounded >= low && rounded <= high) return rounded;
  const inside = rounded < low ? decimalFrom(low, digits!) : -decimalFrom(-high, digits!);
  if (inside >= low && inside <= high) return inside;
  return rounded < low ? low : high;
}

/**
 * How many decimals of so many significant digits lie in an interval, its bounds included; `Infinity` where it touches
 * zero or has no end. Each power of ten has 9 · 10^(digits − 1) of them.
 *
 * @param digits - 1 … 16.
 */
export function decimalsBetween({ low, high }: Bounds, digits: number): number {
  if (high < 0) return decimalsBetween({ low: -high, high: -low }, digits);
  if (low <= 0 || high === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return Number(rankOf(-decimalFrom(-high, digits), digits) - rankOf(decimalFrom(low, digits), digits)) + 1;
}

/** The lowest decimal that is not below `value`. */
function decimalFrom(value: number, digits: number): number {
  const rounded = roundToPrecision(value, digits);
  if (rounded >= value) return rounded;
  const { mantissa, scale } = partsOf(rounded, digits);
  if (value > 0) return Number(`${mantissa + 1n}e${scale}`);
  // below a power of ten the decimals lie ten times as close
  const next = mantissa === smallest(digits) ? `${mantissa * 10n - 1n}e${scale - 1}` : `${mantissa - 1n}e${scale}`;
  return -Number(next);
}

/** Decimals in order have successive ranks. */
function rankOf(decimal: number, digits: number): bigint {
  const { mantissa, scale } = partsOf(decimal, digits);
  return BigInt(scale) * 9n * smallest(digits) + mantissa;
}

/** |decimal| = mantissa · 10^scale, with a mantissa of so many digits. */
function partsOf(decimal: number, digits: number): { readonly mantissa: bigint; readonly scale: number } {
  const [mantissa, exponent] = Math.abs(decimal)
    .toExponential(digits - 1)
    .split("e") as [string, string];
  return { mantissa: BigInt(mantissa.replace(".", "")), scale: Number(exponent) - digits + 1 };
}

function smallest(digits: number): bigint {
  return 10n ** BigInt(digits - 1);
}
