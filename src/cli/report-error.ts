import { OrionError, SpaceSyntaxError } from "../errors.js";
import { showPosition } from "../space/caret.js";
import { inPlace } from "./place.js";
import { oneLine, severalLines } from "./text/printable.js";

interface ErrorReport {
  readonly isJson: boolean;
  /** Show the stack of anything, for people who asked for everything. */
  readonly isVerbose: boolean;
  /** See `placeOf`; "" while it is not known. */
  readonly place: string;
}

/** The text for standard error: what happened, the place, how to mend it. No stack trace for what we expected. */
export function reportError(error: unknown, { isJson, isVerbose, place }: ErrorReport): string {
  if (!(error instanceof OrionError)) return unexpected(error, isJson);
  const { code, message, commandRemedy } = error;
  const remedy = commandRemedy === undefined ? undefined : inPlace(commandRemedy, place);
  if (isJson) return `${JSON.stringify({ error: { code, message, remedy: remedy ?? null } })}\n`;
  const caret = error instanceof SpaceSyntaxError ? `${showPosition(error)}\n` : "";
  const mend = remedy === undefined ? "" : `${severalLines(remedy)}\n`;
  const trace = isVerbose ? `${stackOf(error)}\n` : "";
  return `Error: ${oneLine(message)}\n${caret}${mend}${trace}`;
}

/** The stack, and that of what lies behind it: where in somebody else's code it began. */
function stackOf({ stack, cause }: Error): string {
  return cause instanceof Error ? `${stack}\nCaused by: ${stackOf(cause)}` : `${stack}`;
}

/** A fault of ours: the stack helps whoever mends it. */
function unexpected(error: unknown, isJson: boolean): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (isJson) return `${JSON.stringify({ error: { code: "UNEXPECTED", message, remedy: null } })}\n`;
  return `Error: ${oneLine(message)}\nThis is a fault in orion itself; please report it with these lines:\n${severalLines(stack ?? "")}\n`;
}
