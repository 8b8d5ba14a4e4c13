import { CommandLineError, OrionError, UsageError } from "../errors.js";

/**
 * What a script that starts `orion` can rely on: 0 done, or the worker's own limit reached; 1 a handled error; 2 wrong
 * words on orion's own command line, values of its options among them; 3 too many broken trials; 130 interrupted (an
 * ending of `hunt`, not an error). Codes that are not listed are 1.
 */
const exitCodes: Readonly<Record<string, number>> = {
  COMMAND_LINE: 2,
  BROKEN: 3,
};

export function exitCodeOf(error: unknown): number {
  return error instanceof OrionError ? (exitCodes[error.code] ?? 1) : 1;
}

/**
 * Read what may be the value of an option.
 *
 * @param isTyped - It is one: what is wrong with it is wrong on the command line.
 * @throws {CommandLineError} in place of a `UsageError`.
 */
export async function readingOption<T>(isTyped: boolean, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw isTyped ? asWrongOption(error) : error;
  }
}

/** For a parser of an option, which cannot be asynchronous. */
export function asWrongOption(error: unknown): unknown {
  if (!(error instanceof UsageError)) return error;
  return new CommandLineError(error.message, error.commandRemedy, { cause: error });
}
