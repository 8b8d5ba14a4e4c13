import { readString } from "./read-string.js";
import { quoteSpan, type Source, type Span, syntaxError } from "./syntax-error.js";

/** A word of the search-space language. `value` is the number or the string that it stands for. */
export type Token = Span & { readonly text: string } & (
    | { readonly kind: "int" | "float"; readonly value: number }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "name" | "operator" | "end" }
  );

/**
 * Split a text into the tokens of a Python expression; the last one is always `end`.
 *
 * @throws {SpaceSyntaxError} at a character that begins no token, or a string that does not end.
 */
export function tokenize(source: Source): readonly Token[] {
  const tokens: Token[] = [];
  let position = skipSpace(source.text, 0);
  while (position < source.text.length) {
    const token = readToken(source, position);
    tokens.push(token);
    position = skipSpace(source.text, token.end);
  }
  return [...tokens, { kind: "end", text: "", start: source.text.length, end: source.text.length }];
}

const patterns = {
  space: /\s*/y,
  stringStart: /(?:[rRuU])?['"]/y,
  number: /0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y,
  name: /[\p{L}_][\p{L}\p{N}_]*/uy,
  operator: /\*\*|\/\/|[-+*/%()[\]{},=:.]/y,
};

function readToken(source: Source, start: number): Token {
  const { text } = source;
  if (match(patterns.stringStart, text, start) !== undefined) {
    const { value, end } = readString(source, start);
    return { kind: "string", value, text: text.slice(start, end), start, end };
  }
  const number = match(patterns.number, text, start);
  if (number !== undefined) return readNumber(source, { start, end: start + number.length });
  for (const kind of ["name", "operator"] as const) {
    const found = match(patterns[kind], text, start);
    if (found !== undefined) return { kind, text: found, start, end: start + found.length };
  }
  const at = { start, end: start + String.fromCodePoint(text.codePointAt(start)!).length };
  throw syntaxError(source, {
    problem: `the character ${quoteSpan(source, at)} has no meaning here.`,
    at,
    remedy: "Strings stand in straight quotes, 'like this'; all else is numbers, lists and dicts.",
  });
}

function readNumber(source: Source, at: Span): Token {
  const text = source.text.slice(at.start, at.end);
  const isFloat = /^[\d_]*\.|^\d[\d_]*[eE]/.test(text);
  const value = Number(text.replaceAll("_", ""));
  // letters right behind a number: 1x, 0b2, 1e; and an int like 010, which may be meant as an octal
  const trailing = match(patterns.name, source.text, at.end);
  if (trailing !== undefined || Number.isNaN(value) || (!isFloat && /^0[\d_]*[1-9]/.test(text))) {
    const whole = { start: at.start, end: at.end + (trailing?.length ?? 0) };
    throw syntaxError(source, {
      problem: `${quoteSpan(source, whole)} is not a number.`,
      at: whole,
      remedy: "Write numbers like 3, 0.5 or 1e-5, and strings in quotes.",
    });
  }
  return { kind: isFloat ? "float" : "int", value, text, ...at };
}

function skipSpace(text: string, position: number): number {
  return position + match(patterns.space, text, position)!.length;
}

function match(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}
