import { type BigIntStats, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { StorageError } from "../../errors.js";

/**
 * The address of a file that SQLite then reads as one that nobody changes: without a lock, and without the log beside it
 * that it would otherwise have to make first.
 */
export function immutable(path: string): string {
  return `${pathToFileURL(path).href}?immutable=1`;
}

/**
 * What has to be true of a file that is opened so: all that was written is in it, and nobody writes to it. (Whoever does
 * has a log with something in it, and in the end other bytes in the file.)
 *
 * @returns A check that this is still so, of all that was read up to then.
 * @throws {StorageError} when it is not so now.
 */
export function expectNoWriter(path: string, url: string): () => void {
  const before = stateOf(path);
  const log = ["-wal", "-journal"].map((end) => path + end).find((name) => sizeOf(name) > 0n);
  if (log !== undefined) {
    throw new StorageError(
      `The last changes of the database ${url} are in its log ${log}, which cannot be used where nothing may be written.`,
      "Copy the file together with its log to a folder where you may write, and name the copy with --storage sqlite:PATH.",
    );
  }
  return () => {
    if (stateOf(path) === before && sizeOf(`${path}-wal`) === 0n) return;
    throw new StorageError(`The database ${url} was changed while it was read.`, "Do it again.", { retryable: true });
  };
}

function stateOf(path: string): string | undefined {
  const found = lookAt(path);
  return found && [found.ino, found.size, found.mtimeNs].join(" ");
}

function sizeOf(path: string): bigint {
  return lookAt(path)?.size ?? 0n;
}

/** `undefined` when there is no such file, or nobody can tell. */
function lookAt(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
