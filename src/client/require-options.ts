import { inspect } from "node:util";
import { isMapping } from "../config/mapping.js";
import { UsageError } from "../errors.js";
import { nearestName } from "../nearest-name.js";

/** Every member of an interface once, which the compiler sees to: what it must be, or `true` where others look at it. */
export type NamesOf<Options> = { readonly [Name in keyof Options]-?: OptionRule };

type OptionRule = true | OptionType;

/** What an option must be, where no setting says so. */
export interface OptionType {
  /** Completes the sentence "Give …". */
  readonly wanted: string;
  fits(value: unknown): boolean;
}

export const functionOption: OptionType = { wanted: "a function", fits: (value) => typeof value === "function" };
export const textOption: OptionType = { wanted: "a text", fits: (value) => typeof value === "string" };
export const booleanOption: OptionType = { wanted: "true or false", fits: (value) => typeof value === "boolean" };
export const objectOption: OptionType = {
  wanted: "an object: { name: value }",
  fits: isMapping,
};
export const signalOption: OptionType = {
  wanted: "an AbortSignal, such as the `signal` of an AbortController",
  fits: (value) => value instanceof AbortSignal,
};

/**
 * A program in JavaScript may say anything: an option that is misspelt would be no option, and a limit no limit.
 *
 * @param call - For messages: "createExperiment".
 * @param remedies - For options that there are elsewhere: what to do without.
 * @throws {UsageError} for what are no options, for one that there is not, and for one that cannot be.
 */
export function requireOptions(
  call: string,
  given: unknown,
  known: Readonly<Record<string, OptionRule>>,
  remedies: Readonly<Record<string, string>> = {},
): void {
  if (!isMapping(given)) {
    throw new UsageError(`The options of ${call}() are ${inspect(given)}.`, "Give them as an object: { name: value }.");
  }
  const names = Object.keys(known);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, names);
    const guess = nearest === undefined ? `Its options: ${names.join(", ")}.` : `Did you mean "${nearest}"?`;
    const remedy = Object.hasOwn(remedies, unknown) ? remedies[unknown] : guess;
    throw new UsageError(`There is no option "${unknown}" of ${call}().`, remedy);
  }
  for (const [name, value] of Object.entries(given)) {
    const rule = known[name];
    if (typeof rule !== "object" || value === undefined || rule.fits(value)) continue;
    throw new UsageError(`The option ${name} of ${call}() is ${inspect(value)}.`, `Give ${rule.wanted}.`);
  }
}

/** Those of the options that are known, and no others. */
export function takeOptions<Options extends object>(given: Options, known: Readonly<Record<string, unknown>>): Options {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(known, name))) as Options;
}
