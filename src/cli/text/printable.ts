import { escapeCharacter } from "../../shell-word.js";

/*
 * What others wrote (names, values, what programs print) on its way to a terminal, where control characters could move the
 * cursor, hide lines or do worse. Everything for people goes through here; --json escapes by itself.
 */

/** Text for one line: control characters become `\n` or `\x1b`. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, escapeCharacter);
}

/** Text that may have several lines, and tabs in them. */
export function severalLines(text: string): string {
  return text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, escapeCharacter);
}
