import type { PriorPlace } from "./config-leaf.js";
import { dimensionName } from "./option-words.js";

/** A name of letters, digits, `_`, `-`, `|` and `/` between parts; then a marker or the beginning of `prior(`. */
const opening =
  /(?<name>\/?[\p{L}\p{N}_|-]+(?:\/[\p{L}\p{N}_|-]+)*)~(?<prior>\+?[a-z]\w*[ \t]*(?<open>\()|>\w+|-[^\s,;"')\]}]*)/giu;

/**
 * The priors in a text of any language, `name~uniform(0, 1)`, several on a line if need be. A prior ends at the bracket
 * that closes its first one; where none does, at the end of its line, and reading the prior will tell.
 */
export function findTextPriors(text: string): readonly PriorPlace[] {
  const places: PriorPlace[] = [];
  opening.lastIndex = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const { name = "", prior = "", open } = found.groups ?? {};
    const start = found.index;
    const priorStart = start + found[0].length - prior.length;
    const end = open === undefined ? opening.lastIndex : findClosing(text, opening.lastIndex - 1);
    places.push({ dimension: dimensionName(name), prior: text.slice(priorStart, end), start, end });
    opening.lastIndex = end;
  }
  return places;
}

/**
 * What a text says besides its priors, for comparison: a line with dimensions stands under their names (`~/lr ~/momentum`),
 * any other line under itself, as "". Blank lines say nothing.
 */
export function textConstants(text: string, places: readonly PriorPlace[]): Readonly<Record<string, string>> {
  const constants = new Map<string, string>();
  let lineStart = 0;
  let index = 0;
  while (lineStart < text.length) {
    // A prior may go over several lines: they count as one.
    const inLine: PriorPlace[] = [];
    let lineEnd = lineBreak(text, lineStart);
    for (let place = places[index]; place !== undefined && place.start < lineEnd; place = places[index]) {
      inLine.push(place);
      lineEnd = lineBreak(text, Math.max(place.end, lineStart));
      index += 1;
    }
    const line = blankOut(text.slice(lineStart, lineEnd), inLine, lineStart).trim();
    if (inLine.length > 0) constants.set(inLine.map(({ dimension }) => `~${dimension}`).join(" "), line);
    else if (line !== "") constants.set(line, "");
    lineStart = lineEnd + 1;
  }
  return Object.fromEntries(constants);
}

/** Offset behind the bracket that closes the one at `open`; brackets in quotes do not count. */
function findClosing(text: string, open: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let position = open; position < text.length; position += 1) {
    const character = text[position]!;
    if (quote !== undefined) {
      if (character === "\\") position += 1;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    if (depth === 0) return position + 1;
  }
  return lineBreak(text, open);
}

function lineBreak(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 ? text.length : found;
}

function blankOut(line: string, places: readonly PriorPlace[], lineStart: number): string {
  let rest = 0;
  let out = "";
  for (const { start, end } of places) {
    out += `${line.slice(rest, start - lineStart)}~`;
    rest = end - lineStart;
  }
  return out + line.slice(rest);
}
