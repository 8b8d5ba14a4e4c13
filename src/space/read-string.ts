import { quoteSpan, type Source, syntaxError } from "./syntax-error.js";

/**
 * Read one Python string that begins at `start`, with its prefix `r` or `u` if it has one.
 *
 * Escapes mean what they mean in Python: `\n`, `\x41`, `\u0041`, `\101`; one that Python does not know keeps its
 * backslash.
 *
 * @returns The string, and the offset behind its closing quote.
 * @throws {SpaceSyntaxError} when the string does not end, or an escape lacks digits.
 */
export function readString(source: Source, start: number): { value: string; end: number } {
  const { text } = source;
  const prefix = /[rRuU]/.test(text[start]!) ? text[start]!.toLowerCase() : "";
  const first = start + prefix.length;
  let value = "";
  let position = first + 1;
  while (position < text.length && text[position] !== text[first]) {
    const piece = readPiece(source, position, prefix);
    value += piece.value;
    position = piece.end;
  }
  if (position < text.length) return { value, end: position + 1 };
  const at = { start, end: text.length };
  throw syntaxError(source, {
    problem: `the string ${quoteSpan(source, at)} does not end.`,
    at,
    remedy: `Add its closing ${text[first]}.`,
  });
}

/** A character, or an escape; of a raw string the backslash and what it keeps from ending the string. */
function readPiece(source: Source, start: number, prefix: string): { value: string; end: number } {
  const { text } = source;
  if (text[start] !== "\\") return { value: text[start]!, end: start + 1 };
  return prefix === "r" ? { value: text.slice(start, start + 2), end: start + 2 } : readEscape(source, start);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

const codeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function readEscape(source: Source, start: number): { value: string; end: number } {
  const { text } = source;
  const letter = text[start + 1] ?? "";
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { value: simple, end: start + 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(start + 1, start + 4))?.[0];
  if (octal !== undefined)
    return { value: String.fromCharCode(Number.parseInt(octal, 8)), end: start + 1 + octal.length };
  const length = codeLengths[letter];
  if (length === undefined) return { value: text.slice(start, start + 2), end: start + 2 };
  const at = { start, end: start + 2 + length };
  const code = Number(`0x${text.slice(start + 2, at.end)}`);
  if (/^[\da-fA-F]+$/.test(text.slice(start + 2, at.end)) && at.end <= text.length && code <= 0x10ffff) {
    return { value: String.fromCodePoint(code), end: at.end };
  }
  throw syntaxError(source, {
    problem: `${quoteSpan(source, at)} is not the code of a character.`,
    at,
    remedy: `Write \\${letter} with ${length} hexadecimal digits, or \\\\ for a backslash.`,
  });
}
