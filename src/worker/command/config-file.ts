import { basename, extname } from "node:path";
import { UsageError } from "../../errors.js";
import { fileTrouble } from "../../file-trouble.js";
import type { CommandWorld } from "./command-world.js";
import { ConfigSyntaxError, type Leaf, type PriorPlace } from "./config-leaf.js";
import { readJsonLeaves } from "./json-leaves.js";
import { dimensionName } from "./option-words.js";
import { findNamedPrior } from "./prior-text.js";
import { isRemoval } from "./read-prior-words.js";
import { findTextPriors, textConstants } from "./text-priors.js";
import type { ConfigFormat, ConfigTemplate } from "./user-command.js";
import { writeRemoved } from "./write-value.js";
import { readYamlLeaves } from "./yaml-leaves.js";

export interface ConfigFile {
  readonly template: ConfigTemplate;
  /** As in `UserCommand`. */
  readonly priors: Readonly<Record<string, string>>;
}

/**
 * Read the priors in a program's configuration file: string leaves like `'orion~uniform(0, 1)'` in YAML and JSON, where
 * the dimension is named by its path (`/model/layers/0`), and `name~uniform(0, 1)` anywhere in other text.
 *
 * Everything else in the file is kept to the letter: comments, order, quotes, digits. A YAML alias is no place of its
 * own: it follows its anchor.
 *
 * @returns `undefined` when the file holds no prior.
 * @throws {UsageError} naming file and line, when the file cannot be read or a dimension stands in it twice.
 */
export async function readConfigFile(path: string, world: CommandWorld): Promise<ConfigFile | undefined> {
  const text = await readText(path, world);
  // Without anything like a prior it is not our business whether the file is well-formed: `home: ~/data`, `none: ~`.
  if (!/~[ \t]*[\w>+-]/.test(text)) return undefined;
  const format = configFormat(path);
  const { places, constants } = await readPlaces(text, { format, path });
  if (places.length === 0) return undefined;
  if (text.includes("\uFFFD")) {
    throw new UsageError(`The configuration file ${path} is not UTF-8.`, "Convert it, so that no letter is lost.");
  }
  checkNames(places, { path, text, format });
  return {
    template: { name: basename(path), format, pieces: cutAt(places, { text, format }), constants },
    priors: Object.fromEntries(places.map(({ dimension, prior }) => [dimension, prior])),
  };
}

/** Decided by the extension alone: .yaml, .yml, .json, anything else is text. */
export function configFormat(path: string): ConfigFormat {
  const formats: Readonly<Record<string, ConfigFormat>> = { ".yaml": "yaml", ".yml": "yaml", ".json": "json" };
  return formats[extname(path).toLowerCase()] ?? "text";
}

/** @throws {UsageError} naming the file. */
export async function readText(path: string, world: CommandWorld): Promise<string> {
  try {
    return await world.readFile(path);
  } catch (cause) {
    throw new UsageError(
      `The configuration file ${path} cannot be read: ${fileTrouble(cause)}.`,
      `Check its path; a relative one starts at ${world.directory}.`,
      { cause },
    );
  }
}

/** @throws {UsageError} naming file and line. */
export async function readLeaves(
  text: string,
  { format, path }: { readonly format: "yaml" | "json"; readonly path: string },
): Promise<readonly Leaf[]> {
  try {
    return format === "yaml" ? await readYamlLeaves(text) : readJsonLeaves(text);
  } catch (cause) {
    if (!(cause instanceof ConfigSyntaxError)) throw cause;
    throw new UsageError(
      `The configuration file ${path} is not ${format.toUpperCase()}: ${cause.message} at line ${lineAt(text, cause.offset)}.`,
      "Fix that line; a file in another format needs an extension other than .yaml, .yml and .json.",
      { cause },
    );
  }
}

async function readPlaces(
  text: string,
  { format, path }: { readonly format: ConfigFormat; readonly path: string },
): Promise<{ readonly places: readonly PriorPlace[]; readonly constants: Readonly<Record<string, string>> }> {
  if (format === "text") {
    const places = findTextPriors(text);
    return { places, constants: textConstants(text, places) };
  }
  const places: PriorPlace[] = [];
  const constants: [string, string][] = [];
  for (const { path: name, value, start, end } of await readLeaves(text, { format, path })) {
    const prior = value === undefined ? undefined : findNamedPrior(value);
    if (prior === undefined)
      constants.push([name, value === undefined ? text.slice(start, end) : JSON.stringify(value)]);
    else places.push({ dimension: dimensionName(name), prior, start, end });
  }
  return { places, constants: Object.fromEntries(constants) };
}

function checkNames(
  places: readonly PriorPlace[],
  { path, text, format }: { readonly path: string; readonly text: string; readonly format: ConfigFormat },
): void {
  const lines = new Map<string, number>();
  for (const { dimension, start } of places) {
    const line = lineAt(text, start);
    const first = lines.get(dimension);
    if (first !== undefined) {
      throw new UsageError(
        `Dimension "${dimension}" is defined twice in ${path}: at line ${first} and at line ${line}.`,
        `Give each dimension its own name${format === "text" ? ", in front of the ~: lr~uniform(0, 1)" : ""}.`,
      );
    }
    lines.set(dimension, line);
  }
}

function cutAt(
  places: readonly PriorPlace[],
  { text, format }: { readonly text: string; readonly format: ConfigFormat },
): ConfigTemplate["pieces"] {
  const pieces: (string | { readonly dimension: string })[] = [];
  let rest = 0;
  for (const { dimension, prior, start, end } of places) {
    pieces.push(text.slice(rest, start), isRemoval(prior) ? writeRemoved(prior, format) : { dimension });
    rest = end;
  }
  return [...pieces, text.slice(rest)];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
