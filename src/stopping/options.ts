import { UsageError } from "../errors.js";

interface Range {
  readonly from: number;
  readonly to?: number;
  /** Whole numbers only. */
  readonly isWhole?: boolean;
}

/** @throws {UsageError} when an option is no number in its range. */
export function requireNumber(
  where: string,
  value: unknown,
  { from, to = Number.POSITIVE_INFINITY, isWhole }: Range,
): void {
  const isNumber = typeof value === "number" && value >= from && value <= to && (!isWhole || Number.isInteger(value));
  if (isNumber) return;
  const kind = isWhole ? "a whole number" : "a number";
  const range = to === Number.POSITIVE_INFINITY ? `of at least ${from}` : `from ${from} to ${to}`;
  throw new UsageError(`The stopping rule ${where} is ${JSON.stringify(value)}.`, `Give ${kind} ${range}.`);
}
