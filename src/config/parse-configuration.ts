import { isMapping, type Mapping } from "./mapping.js";
import { configurationFailure, type Origin } from "./read-setting.js";

/** A configuration file as it was read. */
export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
  /** "local" for the file of `-c`, "global" for those of the user and the machine. */
  readonly origin: Origin;
}

/** What a file holds. */
export interface ParsedConfiguration {
  readonly content: Mapping;
  /** The number at the end of these keys as it stands there: `1.10` is another name than 1.1. Known of YAML alone. */
  readonly writtenAt: (keys: readonly string[]) => string | undefined;
}

/**
 * The mapping in a YAML or JSON file; empty for a file without content.
 *
 * @throws {UsageError | ConfigurationError} naming the path and the line of a mistake.
 */
export async function parseConfiguration({ path, text, origin }: ConfigurationFile): Promise<ParsedConfiguration> {
  if (!hasContent(text)) return { content: {}, writtenAt: () => undefined };
  const json = parseJson(text);
  const { content, writtenAt } =
    json === undefined ? await parseYaml({ path, text, origin }) : { content: json, writtenAt: () => undefined };
  if (isMapping(content)) return { content, writtenAt };
  throw configurationFailure(
    origin,
    `Configuration file "${path}" must hold a mapping of sections, not ${Array.isArray(content) ? "a list" : `"${content}"`}.`,
    "Write it like this: {worker: {n_workers: 4}}",
  );
}

/**
 * Line on which the value of a key stands, counted from 1; `undefined` when it is not found. A guess by text, good for
 * files as people write them: nothing but messages depends on it.
 *
 * @param keys - The names on the way to it, as they are spelled in the file.
 */
export function lineOf(text: string, keys: readonly string[]): number | undefined {
  let end = 0;
  for (const key of keys) {
    const name = `["']?${key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}["']?\\s*:`;
    const rest = text.slice(end);
    const match =
      (end === 0 ? new RegExp(`^${name}`, "m").exec(rest) : null) ??
      new RegExp(`^(?:[^#\\n]*[\\s{,])?${name}`, "m").exec(rest);
    if (match === null) return undefined;
    end += match.index + match[0].length;
  }
  return text.slice(0, end).split("\n").length;
}

function hasContent(text: string): boolean {
  return text.split("\n").some((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
}

/**
 * JSON first: loading the YAML parser takes longer than all the rest of a command. It has to say where a key is that
 * stands there twice, of which JSON forgets the first.
 */
function parseJson(text: string): unknown {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const content: unknown = JSON.parse(text);
    return countKeys(content) === countWrittenKeys(text) ? content : undefined;
  } catch {
    // May still be YAML, whose parser also tells the line.
    return undefined;
  }
}

function countKeys(content: unknown): number {
  if (typeof content !== "object" || content === null) return 0;
  const inner = Object.values(content).reduce((sum: number, value) => sum + countKeys(value), 0);
  return Array.isArray(content) ? inner : inner + Object.keys(content).length;
}

/** In JSON, a text before a colon is a key, wherever it stands. */
function countWrittenKeys(json: string): number {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
}

async function parseYaml({ path, text, origin }: ConfigurationFile) {
  const { isScalar, parseDocument, YAMLParseError } = await import("yaml");
  try {
    const document = parseDocument(text, { merge: true, logLevel: "error" });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const content: unknown = document.toJS() ?? {};
    const writtenAt = (keys: readonly string[]) => {
      const node = document.getIn(keys, true);
      return isScalar(node) && typeof node.value === "number" ? node.source : undefined;
    };
    return { content, writtenAt };
  } catch (error) {
    if (!(error instanceof YAMLParseError) && !(error instanceof ReferenceError)) throw error;
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw configurationFailure(
      origin,
      `Configuration file "${path}"${line === undefined ? "" : `, line ${line}`}: ${reasonOf(error)}.`,
      "Correct the YAML. Texts with special characters need quotes.",
      { cause: error },
    );
  }
}

/** The first sentence of the parser's, but for the one that speaks of its functions. */
function reasonOf(error: Error): string | undefined {
  const isSeveral = "code" in error && error.code === "MULTIPLE_DOCS";
  return isSeveral ? "A second document begins here, and one is read" : error.message.split(/ at line \d|:?\n/)[0];
}
