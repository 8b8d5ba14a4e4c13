import type { Mapping } from "../config/mapping.js";
import { ConfigurationError } from "../errors.js";

interface StorageEdit {
  /** Of the file, for error messages. */
  readonly path: string;
  /** What is in it; "" for a new file. */
  readonly text: string;
  readonly storage: Mapping | string;
}

/**
 * The text of a configuration file with another `storage`. Everything else in it stays as it is, comments too.
 *
 * @throws {ConfigurationError} when the text is no YAML mapping.
 */
export async function editStorage({ path, text, storage }: StorageEdit): Promise<string> {
  const { isMap, parseDocument } = await import("yaml");
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined || !(document.contents === null || isMap(document.contents))) {
    throw new ConfigurationError(
      `The configuration file "${path}" cannot be changed: ${error?.message.split(":\n")[0] ?? "it holds no mapping"}.`,
      "Correct it or move it away, then run the set-up again.",
    );
  }
  document.set("storage", document.createNode(storage));
  return document.toString();
}
