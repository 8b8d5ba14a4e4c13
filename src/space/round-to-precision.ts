/**
 * A number with so many significant decimal digits kept, rounded to nearest; ties go away from zero.
 *
 * Rounding again changes nothing. From 17 digits on, or with `undefined`, the number stays as it is.
 *
 * @param digits - At least 1.
 */
export function roundToPrecision(value: number, digits: number | undefined): number {
  if (digits === undefined || digits >= 17 || !Number.isFinite(value)) return value;
  const rounded = Number(value.toPrecision(digits));
  // 1.797e308 to two digits is beyond the largest double
  return Number.isFinite(rounded) ? rounded : value;
}
