import type { SpaceSyntaxError } from "../errors.js";

/**
 * Two lines for a terminal: the text that could not be read, and below it a caret at the place.
 *
 * A long text is cut to a window around the place, so that both lines fit and the caret stays below its character.
 */
export function showPosition({ text, position }: SpaceSyntaxError): string {
  const from = text.length <= width ? 0 : Math.max(0, Math.min(position - width / 2, text.length - width));
  const shown = text.slice(from, from + width);
  const head = from > 0 ? "…" : "";
  const tail = from + width < text.length ? "…" : "";
  const indent = head.length + [...text.slice(from, position)].length;
  return `${head}${shown.replace(/[\p{C}\p{Z}]/gu, " ")}${tail}\n${" ".repeat(indent)}^`;
}

const width = 100;
