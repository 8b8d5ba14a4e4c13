import { inspect } from "node:util";
import { UsageError } from "../errors.js";
import { nearestName } from "../nearest-name.js";

/** Every member of an interface once, which the compiler sees to. */
export type NamesOf<Options> = { readonly [Name in keyof Options]-?: true };

/**
 * A program in JavaScript may say anything: an option that is misspelt would be no option, and a limit no limit.
 *
 * @param call - For messages: "createExperiment".
 * @throws {UsageError} for what are no options, and for one that there is not.
 */
export function requireOptions(call: string, given: unknown, known: Readonly<Record<string, true>>): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new UsageError(`The options of ${call}() are ${inspect(given)}.`, "Give them as an object: { name: value }.");
  }
  const names = Object.keys(known);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  throw new UsageError(
    `There is no option "${unknown}" of ${call}().`,
    nearest === undefined ? `Its options: ${names.join(", ")}.` : `Did you mean "${nearest}"?`,
  );
}

/** Those of the options that are known, and no others. */
export function takeOptions<Options extends object>(given: Options, known: Readonly<Record<string, true>>): Options {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(known, name))) as Options;
}
