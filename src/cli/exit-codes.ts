import { OrionError, UsageError } from "../errors.js";

/**
 * What a script that starts `orion` can rely on: 0 done, or the worker's own limit reached; 1 a handled error; 2 wrong
 * words on orion's own command line; 3 too many broken trials; 130 interrupted (an ending of `hunt`, not an error).
 * Codes that are not listed are 1.
 */
const exitCodes: Readonly<Record<string, number>> = {
  COMMAND_LINE: 2,
  BROKEN: 3,
};

/** Wrong words on orion's own command line, as opposed to a wrong prior, file or value that they lead to. */
export class CommandLineError extends UsageError {
  override readonly code = "COMMAND_LINE";
}

export function exitCodeOf(error: unknown): number {
  return error instanceof OrionError ? (exitCodes[error.code] ?? 1) : 1;
}
