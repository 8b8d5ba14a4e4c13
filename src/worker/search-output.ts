import { closeSync, fstatSync, readSync } from "node:fs";
import { openToRead, pieceBytes, readPieces, sizeOf, unlessUnreadable } from "./read-pieces.js";
import { parseNumber } from "./read-results.js";
import { firstCharacter } from "./utf-8.js";

/** The end of a text file, cut at the beginning of a line or at least of a character; "" for one that cannot be read. */
export function readTail(path: string, maxBytes: number): string {
  return unlessUnreadable(
    () => {
      const size = sizeOf(path);
      const start = Math.max(0, size - maxBytes);
      const bytes = Buffer.concat([...readPieces(path, start, size)]);
      return (start === 0 ? bytes : cutBeginning(bytes)).toString("utf8");
    },
    () => "",
  );
}

function cutBeginning(bytes: Buffer): Buffer {
  const line = bytes.indexOf(lineFeed) + 1;
  return bytes.subarray(line > 0 && line < bytes.length ? line : firstCharacter(bytes));
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface MatchOptions {
  readonly path: string;
  readonly pattern: RegExp;
  /** Nothing before this offset is read. */
  readonly from: number;
}

/**
 * The number that the first group of `pattern` captured (all that matched, where it has none) at its last match in a
 * file; `undefined` when nothing matches, or the last match is no number.
 *
 * A match lies within one line; a carriage return ends a line too. The file is read from its end, so the usual case of
 * a result in the last lines costs nothing, however long the output is. Lines longer than 1 MiB are broken.
 *
 * @throws what the file system says where there is a file that cannot be read.
 */
export function lastMatch({ path, pattern, from }: MatchOptions): number | undefined {
  const everywhere = new RegExp(pattern.source, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`);
  for (const line of linesFromEnd(path, from)) {
    const match = [...line.matchAll(everywhere)].findLast(([all]) => all !== "");
    if (match !== undefined) return parseNumber(match[1] ?? match[0]);
  }
  return undefined;
}

const longestLineBytes = 1024 * 1024;

/** The lines of a file from `from` on, the last one first. */
function* linesFromEnd(path: string, from: number): Generator<string> {
  const file = openToRead(path);
  if (file === undefined) return;
  try {
    let rest: Buffer = Buffer.alloc(0); // the beginning of what was read, whose line may begin further ahead
    for (let end = fstatSync(file).size; end > from; ) {
      const start = Math.max(from, end - pieceBytes);
      const piece = Buffer.allocUnsafe(end - start);
      readSync(file, piece, 0, piece.length, start);
      end = start;
      rest = rest.length === 0 ? piece : Buffer.concat([piece, rest]);
      const first = rest.length > longestLineBytes ? 0 : firstLineEnd(rest) + 1;
      if (first === 0 && rest.length <= longestLineBytes) continue;
      yield* rest
        .toString("utf8", first)
        .split(/[\r\n]+/)
        .reverse();
      rest = rest.subarray(0, first);
    }
    if (rest.length > 0) yield rest.toString("utf8");
  } finally {
    closeSync(file);
  }
}

function firstLineEnd(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte === lineFeed || byte === carriageReturn);
}
