import { StorageError } from "../errors.js";

/**
 * Read what a row holds. SQLite has no sums over its pages, so a disk that changed some bytes of a text goes unnoticed up
 * to here.
 *
 * @param what - Which row it is.
 * @throws {StorageError} when a document in it is no JSON.
 */
export function readRow<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new StorageError(
      `The database is damaged: ${what} holds something that is not JSON (${cause.message}).`,
      "Restore it from a copy.",
      { cause },
    );
  }
}
