import { quoteSpan, type Source, type Span, syntaxError } from "./syntax-error.js";
import { type Token, tokenize } from "./tokens.js";

/** Walks over the tokens of a source, one ahead; it never passes the `end` token. */
export class TokenReader {
  readonly source: Source;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  /** @throws {SpaceSyntaxError} when the source has characters that form no token. */
  constructor(source: Source) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  /** The token that comes next, or the one `ahead` places behind it. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#index += 1;
    return token;
  }

  /** Take the next token if it is one of these operators. */
  take(...operators: readonly string[]): Token | undefined {
    const token = this.peek();
    return token.kind === "operator" && operators.includes(token.text) ? this.next() : undefined;
  }

  /**
   * Read values up to a closing bracket, separated by commas; a comma before the bracket is allowed.
   *
   * @param open - The opening bracket, already taken.
   * @throws {SpaceSyntaxError} when the bracket is never closed, or something else stands in its place.
   */
  readList<Item>(open: Token, readItem: () => Item): { items: Item[]; endsInComma: boolean; end: number } {
    const close = closing[open.text]!;
    const items: Item[] = [];
    let endsInComma = false;
    while (true) {
      const end = this.take(close.mark);
      if (end !== undefined) return { items, endsInComma, end: end.end };
      if (items.length > 0 && !endsInComma) throw this.#notClosed(open);
      if (this.peek().kind === "end") throw this.#notClosed(open);
      items.push(this.nested(readItem));
      endsInComma = this.take(",") !== undefined;
    }
  }

  /** @throws {SpaceSyntaxError} when there is a token left. */
  expectEnd(): void {
    const token = this.peek();
    if (token.kind === "end") return;
    throw this.unexpected(token, "Remove it.");
  }

  /** The error for a token that stands where it cannot. */
  unexpected(token: Token, remedy: string): Error {
    const { source } = this;
    const before = this.#tokens[this.#tokens.indexOf(token) - 1];
    const place = before === undefined ? "at the start" : `after ${quoteSpan(source, { start: 0, end: before.end })}`;
    const problem =
      token.kind === "end"
        ? `${quoteSpan(source, { start: 0, end: token.end })} ends where a value is expected.`
        : `${quoteSpan(source, token)} is unexpected ${place}.`;
    return syntaxError(source, { problem, at: token, remedy });
  }

  /** Bounds the recursion: a hostile text must end in a message, not in an overflow of the stack. */
  nested<Item>(read: () => Item): Item {
    if (this.#depth >= deepest) throw this.unexpected(this.peek(), `Nest values at most ${deepest} deep.`);
    this.#depth += 1;
    const item = read();
    this.#depth -= 1;
    return item;
  }

  /** What lies between two offsets of the source, for a message. */
  quote(span: Span): string {
    return quoteSpan(this.source, span);
  }

  #notClosed(open: Token): Error {
    const token = this.peek();
    const { name, mark } = closing[open.text]!;
    if (token.kind !== "end") return this.unexpected(token, `Separate values by commas, and end with "${mark}".`);
    const { source } = this;
    const problem = `${quoteSpan(source, { start: 0, end: token.end })} has no closing ${name}.`;
    return syntaxError(source, { problem, at: token, remedy: `Add "${mark}" at the end.` });
  }
}

const deepest = 50;

const closing: Readonly<Record<string, { readonly mark: string; readonly name: string }>> = {
  "(": { mark: ")", name: "parenthesis" },
  "[": { mark: "]", name: "bracket" },
  "{": { mark: "}", name: "brace" },
};
