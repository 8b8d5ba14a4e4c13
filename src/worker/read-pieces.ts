import { closeSync, openSync, readSync, statSync } from "node:fs";

/** Bytes that are read at once. */
export const pieceBytes = 64 * 1024;

/**
 * The bytes of a file from `start` to `end`, in pieces that each have memory of their own; none of a missing file, which
 * a program may have removed with its directory.
 *
 * @throws what the file system says where there is a file that cannot be read: see `unlessUnreadable`.
 */
export function* readPieces(path: string, start: number, end: number): Generator<Buffer> {
  if (start >= end) return;
  const file = openToRead(path);
  if (file === undefined) return;
  try {
    for (let offset = start; offset < end; ) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, end - offset));
      const count = readSync(file, piece, 0, piece.length, offset);
      if (count === 0) return;
      offset += count;
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

/** 0 for a file that does not exist. @throws what the file system says where that cannot be told. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** `undefined` for a file that is not there. @throws what the file system says where it cannot be opened. */
export function openToRead(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * What `read` returns, or what `otherwise` makes of the file system's refusal. A program may replace its files by
 * anything, and a network file system fails for a while: neither is a reason for a worker to end.
 */
export function unlessUnreadable<T>(read: () => T, otherwise: (error: Error) => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error; // a mistake of ours
    return otherwise(error);
  }
}
