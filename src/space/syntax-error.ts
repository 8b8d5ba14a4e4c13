import { SpaceSyntaxError } from "../errors.js";

/** A text that is being read, and what to call it in an error: `Dimension "/x"`. */
export interface Source {
  readonly subject: string;
  readonly text: string;
}

/** A stretch of a source: offsets in UTF-16 units, `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Problem {
  /** A clause that quotes the offending text and ends in a full stop: `there is no prior "unifrom".` */
  readonly problem: string;
  /** What the caret points at. */
  readonly at: Span;
  readonly remedy: string;
}

/** The error for a problem at one place of a source; the caller throws it. */
export function syntaxError(source: Source, { problem, at, remedy }: Problem): SpaceSyntaxError {
  return new SpaceSyntaxError(`${source.subject}: ${problem}`, source.text, at.start, remedy);
}

/** The text of a span in quotes, on one line and cut to a readable length. */
export function quoteSpan(source: Source, { start, end }: Span): string {
  const text = source.text.slice(start, end).replace(/\s+/g, " ");
  return `"${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}"`;
}

const longest = 80;
