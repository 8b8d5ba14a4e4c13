import { UnknownNameError, UsageError } from "../../errors.js";
import type { Dimension, Params, ParamValue, Space } from "../../space/dimension.js";
import { bareName } from "../../space/parse-space.js";
import { checkParams, parseValue } from "../../space/values.js";
import type { CommandWorld } from "./command-world.js";
import { configFormat, readLeaves, readText } from "./config-file.js";
import { dimensionName, isOption, optionName } from "./option-words.js";

export interface PointContext {
  readonly space: Space;
  /** Name of the option that carries a configuration file, without dashes; default "config". */
  readonly configOption?: string;
  readonly world: CommandWorld;
}

/**
 * Read the parameters of a trial from the words behind `orion insert`'s own options.
 *
 * Values are written `--lr=0.1`, `--lr 0.1` or `--lr~0.1`; the program in front of them is skipped, and need not exist.
 * Or they stand in a file: as string leaves `orion=0.1` of YAML and JSON (any word may replace `orion` where the path
 * is a dimension), as `lr=0.1` in other text. The file is the option's value, or the first word if it is YAML or JSON.
 *
 * @returns A value for each dimension of the space; those not given have their default.
 * @throws {UsageError} for an unknown dimension, a value outside of its dimension, or one that is missing.
 */
export async function parsePoint(words: readonly string[], context: PointContext): Promise<Params> {
  const { space, world } = context;
  const texts = new Map<Dimension, string>();
  const set = (name: string, text: string) => {
    const dimension = findDimension(space, name);
    if (dimension === undefined) throw unknownDimension(space, name);
    if (texts.has(dimension))
      throw new UsageError(`Dimension "${dimension.name}" is given twice.`, "Give it one value.");
    texts.set(dimension, text);
  };
  const given = await readWords(words, context);
  for (const [name, text] of given.values) set(name, text);
  for (const path of given.files) {
    for (const [name, text] of await readFileValues(path, { space, world })) set(name, text);
  }
  const params: Record<string, ParamValue> = {};
  for (const [dimension, text] of texts) params[dimension.name] = parseValue(dimension, text);
  return checkParams(space, params);
}

type Values = readonly (readonly [name: string, text: string])[];

async function readWords(
  words: readonly string[],
  { space, configOption = "config", world }: PointContext,
): Promise<{ readonly values: Values; readonly files: readonly string[] }> {
  const values: [string, string][] = [];
  const files: string[] = [];
  const firstOption = words.findIndex(isOption);
  const program = firstOption < 0 ? words : words.slice(0, firstOption);
  for (const word of program) {
    if (configFormat(word) !== "text" && (await world.kindOf(word)) === "file") files.push(word);
  }
  for (let index = program.length; index < words.length; index += 1) {
    const [, name, attached] = /^-+([^=~]+)(?:[=~](.*))?$/s.exec(words[index]!) ?? [];
    const text = attached ?? words[index + 1];
    if (name === undefined || text === undefined || (attached === undefined && isOption(text))) {
      throw new UsageError(`The word "${words[index]}" gives no value.`, "Write values like --lr=0.1.");
    }
    if (attached === undefined) index += 1;
    if (name === optionName(configOption) && findDimension(space, name) === undefined) files.push(text);
    else values.push([name, text]);
  }
  return { values, files };
}

async function readFileValues(
  path: string,
  { space, world }: { readonly space: Space; readonly world: CommandWorld },
): Promise<Values> {
  const text = await readText(path, world);
  const isDimension = (name: string) => findDimension(space, name) !== undefined;
  const format = configFormat(path);
  if (format === "text") {
    const assignment = /(\/?[\p{L}\p{N}_|-]+(?:\/[\p{L}\p{N}_|-]+)*)=("[^"\n]*"|'[^'\n]*'|\[[^\n]*\]|[^\s,;]+)/gu;
    const found = [...text.matchAll(assignment)].map(([, name, value]) => [name!, value!] as const);
    return found.filter(([name]) => isDimension(name));
  }
  const values: [string, string][] = [];
  for (const { path: name, value } of await readLeaves(text, { format, path })) {
    const [, word, assigned] = /^\s*(\w+)=(.+)$/s.exec(value ?? "") ?? [];
    if (assigned !== undefined && (word === "orion" || isDimension(name))) values.push([name, assigned.trim()]);
  }
  return values;
}

function findDimension(space: Space, name: string): Dimension | undefined {
  return space.dimensions.find((dimension) => bareName(dimension.name) === bareName(name));
}

function unknownDimension(space: Space, name: string): UnknownNameError {
  return new UnknownNameError(
    "dimension",
    dimensionName(name),
    space.dimensions.map((dimension) => dimension.name),
  );
}
