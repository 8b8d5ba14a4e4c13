import { nearestName } from "../nearest-name.js";
import type { Literal } from "./literal.js";
import { readLiteral } from "./parse-literal.js";
import { quoteSpan, type Source, type Span, syntaxError } from "./syntax-error.js";
import { TokenReader } from "./token-reader.js";
import type { Token } from "./tokens.js";

/** `name(argument, …, keyword=argument, …)`, taken apart and not yet understood. */
export interface Call {
  readonly source: Source;
  readonly name: string;
  readonly nameSpan: Span;
  /** From the name to the closing parenthesis. */
  readonly span: Span;
  readonly positional: readonly Literal[];
  readonly keywords: ReadonlyMap<string, Keyword>;
}

interface Keyword {
  readonly nameSpan: Span;
  readonly value: Literal;
}

/**
 * Read a text of the form `name(arguments)`.
 *
 * @throws {SpaceSyntaxError} when it has another form; which name and which arguments there are is not checked.
 */
export function parseCall(source: Source): Call {
  const reader = new TokenReader(source);
  const name = reader.next();
  if (name.kind !== "name" || reader.peek().text !== "(") throw notACall(source, name);
  const positional: Literal[] = [];
  const keywords = new Map<string, Keyword>();
  const { end } = reader.readList(reader.next(), () => {
    if (isKeyword(reader)) return readKeyword(reader, keywords);
    if (keywords.size > 0) throw positionalAfterKeyword(reader);
    return positional.push(readLiteral(reader));
  });
  reader.expectEnd();
  return { source, name: name.text, nameSpan: name, span: { start: name.start, end }, positional, keywords };
}

function isKeyword(reader: TokenReader): boolean {
  return reader.peek().kind === "name" && reader.peek(1).text === "=";
}

function readKeyword(reader: TokenReader, keywords: Map<string, Keyword>): void {
  const nameSpan = reader.next();
  reader.next();
  if (keywords.has(nameSpan.text)) {
    const problem = `"${nameSpan.text}" is given twice.`;
    throw syntaxError(reader.source, { problem, at: nameSpan, remedy: "Keep one of the two." });
  }
  keywords.set(nameSpan.text, { nameSpan, value: readLiteral(reader) });
}

function positionalAfterKeyword(reader: TokenReader): Error {
  const token = reader.peek();
  const problem = `${reader.quote(token)} follows an argument with a name.`;
  return syntaxError(reader.source, { problem, at: token, remedy: "Write arguments without a name first." });
}

function notACall(source: Source, first: Token): Error {
  const guess = first.kind === "name" ? nearestName(first.text, Object.keys(examples)) : undefined;
  return syntaxError(source, {
    problem: `${quoteSpan(source, { start: first.start, end: source.text.trimEnd().length })} is not of the form prior(arguments).`,
    at: first,
    remedy: `Write a prior with its arguments in parentheses, such as ${examples[guess ?? "uniform"]}.`,
  });
}

/** One line to copy for each prior. */
export const examples: Readonly<Record<string, string>> = {
  uniform: "uniform(0, 1)",
  loguniform: "loguniform(1e-5, 1)",
  normal: "normal(0, 1)",
  choices: "choices(['a', 'b'])",
  fidelity: "fidelity(1, 9, base=3)",
};
