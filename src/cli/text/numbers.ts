import { numberText } from "../../space/python-text.js";

/** All digits of a number: `0.731`, `1e-05`, `4`. */
export const showNumber = numberText;

/** About six significant digits, for tables: `0.123457`. */
export function showRounded(value: number): string {
  return Number.isFinite(value) ? numberText(Number(value.toPrecision(6))) : numberText(value);
}
