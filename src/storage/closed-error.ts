import { StorageError } from "../errors.js";

/** What is said of a storage that is used after it was closed, as by clients that share one which ended too early. */
export function closedError(url: string): StorageError {
  return new StorageError(
    `The database ${url} was closed by this program.`,
    "Close a storage that several clients share behind the last of them.",
  );
}
