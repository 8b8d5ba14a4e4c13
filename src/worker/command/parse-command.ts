import { ConfigurationError, UsageError } from "../../errors.js";
import type { Space } from "../../space/dimension.js";
import { bareName } from "../../space/parse-space.js";
import type { CommandWorld } from "./command-world.js";
import { type ConfigFile, readConfigFile } from "./config-file.js";
import { findScript } from "./find-script.js";
import { findConfigFaults, findNearMisses } from "./near-misses.js";
import { isOption, optionName } from "./option-words.js";
import { isRemoval, readPriorWords } from "./read-prior-words.js";
import type { CommandWord, UserCommand } from "./user-command.js";

interface ParseOptions {
  readonly configOption?: string;
  readonly world: CommandWorld;
}

/**
 * Read the words behind `orion hunt`'s own options. Nothing is run, and only the script and its configuration file are
 * looked at. Words are kept to the letter; `readPriorWords` says which ones are priors.
 *
 * A configuration file takes part when it exists and holds a prior; else its word stays as it is.
 *
 * @param options.configOption - Name of the option that carries the program's configuration file, without dashes.
 * @throws {ConfigurationError} when the script cannot be started.
 * @throws {UsageError} when a dimension is defined twice, or the configuration file cannot be read.
 */
export async function parseCommand(
  words: readonly string[],
  { configOption = "config", world }: ParseOptions,
): Promise<UserCommand> {
  const { script, ...program } = await findScript(words, world);
  const typed = readPriorWords(program.words);
  const found = await findConfigFile(typed.words, { configOption, world });
  if (found !== undefined) checkOverlap(typed.priors, found);
  return {
    ...(script === undefined ? {} : { script }),
    words:
      found === undefined ? typed.words : typed.words.toSpliced(found.index, 1, ...found.option, { kind: "config" }),
    priors: { ...typed.priors, ...found?.file.priors },
    ...(found === undefined ? {} : { config: found.file.template }),
  };
}

/**
 * @returns Sentences on words that look like priors and do not count.
 * @throws {ConfigurationError} when neither a word nor a place in the configuration file is a dimension; it names them.
 */
export async function requirePriors(
  command: UserCommand,
  { configOption = "config", world }: ParseOptions,
): Promise<readonly string[]> {
  const misses = await findNearMisses(command, { configOption, world });
  if (Object.values(command.priors).some((prior) => !isRemoval(prior))) return misses;
  const hints = [...(await findConfigFaults(command, { configOption, world })), ...misses];
  throw new ConfigurationError(
    "No prior found in the command: there is nothing to tune.",
    hints.length > 0
      ? hints.join(" ")
      : "Write a prior where the value would stand: ./train.py --lr~'loguniform(1e-5, 1)'.",
  );
}

/**
 * Make sure that the program can tell the categories apart which it gets as words, or in a file of plain text.
 *
 * @throws {UsageError} naming two that look the same, such as `1` and `'1'`.
 */
export function requireDistinctWords({ words, config }: UserCommand, space: Space): void {
  const pieces = config?.format === "text" ? config.pieces : [];
  const places = [...words, ...pieces].flatMap((place) =>
    typeof place === "object" && "dimension" in place ? [bareName(place.dimension)] : [],
  );
  for (const dimension of space.dimensions) {
    const isWord = dimension.type === "categorical" && dimension.shape.length === 0;
    if (!isWord || !places.includes(bareName(dimension.name))) continue;
    const { categories } = dimension;
    const twin = categories.find(({ text }, index) => categories.findIndex((one) => one.text === text) < index);
    if (twin === undefined) continue;
    const first = categories.find(({ text }) => text === twin.text)!;
    throw new UsageError(
      `Dimension "${dimension.name}": the program gets the same word "${twin.text}" for ${first.repr} and for ${twin.repr}.`,
      "Keep one of the two; a configuration file in YAML or JSON tells them apart.",
    );
  }
}

/**
 * Where the word at `index` names a configuration file. Of `--config=PATH` the option becomes a word of its own, as in
 * Oríon: the path that the program gets is another one anyway.
 */
interface ConfigPlace {
  readonly index: number;
  readonly option: readonly string[];
  readonly path: string;
}

type FoundConfig = ConfigPlace & { readonly file: ConfigFile };

async function findConfigFile(
  words: readonly CommandWord[],
  { configOption, world }: { readonly configOption: string; readonly world: CommandWorld },
): Promise<FoundConfig | undefined> {
  let found: FoundConfig | undefined;
  for (const place of configPlaces(words, configOption)) {
    if ((await world.kindOf(place.path)) !== "file") continue;
    const file = await readConfigFile(place.path, world);
    if (file === undefined) continue;
    if (found !== undefined) {
      throw new UsageError(
        `Two configuration files of the command hold priors: "${found.path}" and "${place.path}".`,
        "Put all priors into one of them.",
      );
    }
    found = { ...place, file };
  }
  return found;
}

function configPlaces(words: readonly CommandWord[], configOption: string): readonly ConfigPlace[] {
  const places: ConfigPlace[] = [];
  for (const [index, word] of words.entries()) {
    if (typeof word !== "string" || !isOption(word) || optionName(word) !== optionName(configOption)) continue;
    const equals = word.indexOf("=");
    const next = words[index + 1];
    if (equals >= 0) places.push({ index, option: [word.slice(0, equals)], path: word.slice(equals + 1) });
    else if (typeof next === "string") places.push({ index: index + 1, option: [], path: next });
  }
  return places;
}

function checkOverlap(priors: UserCommand["priors"], { path, file }: FoundConfig): void {
  const twice = Object.keys(priors).find((name) => Object.hasOwn(file.priors, name));
  if (twice === undefined) return;
  throw new UsageError(
    `Dimension "${twice}" is defined twice: on the command line and in ${path}.`,
    "Remove it from one of them.",
  );
}
