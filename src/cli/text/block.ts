import { type Paint, plain } from "./paint.js";
import { severalLines } from "./printable.js";

/**
 * A title, underlined with `=`, over its lines.
 *
 * @param lines - Each without its line end; without paint, since control characters are escaped.
 */
export function showBlock(title: string, lines: readonly string[], paint: Paint = plain): string {
  return `${[paint.bold(title), "=".repeat(title.length), ...lines.map(severalLines)].join("\n")}\n`;
}

/** Blocks with two empty lines between them. */
export function joinBlocks(blocks: readonly string[]): string {
  return blocks.join("\n\n");
}

/** Each line moved to the right. Empty lines stay empty. */
export function indent(text: string, width: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(width));
}
