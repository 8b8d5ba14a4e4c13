import { UsageError } from "../errors.js";

/** What an option must be: a check of any value, and in words what it accepts. */
export type OptionRule = readonly [isRight: (value: unknown) => boolean, expected: string];

/**
 * Check options one by one.
 *
 * @param algorithm - For error messages.
 * @throws {UsageError} naming the first option that breaks its rule.
 */
export function checkOptions<Options extends object>(
  algorithm: string,
  options: Options,
  rules: Readonly<Partial<Record<keyof Options, OptionRule>>>,
): void {
  for (const [name, rule] of Object.entries(rules) as [keyof Options & string, OptionRule][]) {
    const [isRight, expected] = rule;
    if (isRight(options[name])) continue;
    throw new UsageError(`${algorithm}: ${name} is ${JSON.stringify(options[name])}.`, `Give ${expected}.`);
  }
}

export function wholeNumber(least: number, most = Number.POSITIVE_INFINITY): OptionRule {
  const upTo = most === Number.POSITIVE_INFINITY ? "" : ` and at most ${most}`;
  const isRight = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
  return [isRight, `a whole number of at least ${least}${upTo}`];
}

/** How many there are of something that is made or tried for each suggestion, which must come to an end. */
export function countFrom(least: number): OptionRule {
  return wholeNumber(least, mostCounted);
}

/** More than anybody needs, and few enough to be listed in a moment. */
const mostCounted = 100_000;

/** A number from `low` to `high`, both included. */
export function numberFrom(low: number, high: number): OptionRule {
  const isRight = (value: unknown) => typeof value === "number" && value >= low && value <= high;
  return [isRight, `a number from ${low} to ${high}`];
}

/** A number above 0 and at most `most`. */
export function positiveUpTo(most: number): OptionRule {
  const isRight = (value: unknown) => typeof value === "number" && value > 0 && value <= most;
  return [isRight, `a number above 0 and at most ${most}`];
}

/** A share that is neither nothing nor all. */
export const properShare: OptionRule = [
  (value) => typeof value === "number" && value > 0 && value < 1,
  "a number above 0 and below 1",
];

export const positiveNumber: OptionRule = [
  (value) => Number.isFinite(value) && (value as number) > 0,
  "a number above 0",
];

export const trueOrFalse: OptionRule = [(value) => typeof value === "boolean", "true or false"];

export function oneOf(names: readonly string[]): OptionRule {
  return [(value) => names.includes(value as string), `one of ${names.join(", ")}`];
}

export function orNull([isRight, expected]: OptionRule): OptionRule {
  return [(value) => value === null || isRight(value), `${expected}, or null`];
}
