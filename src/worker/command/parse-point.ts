import { UnknownNameError, UsageError } from "../../errors.js";
import type { Dimension, Params, ParamValue, Space } from "../../space/dimension.js";
import { bareName } from "../../space/parse-space.js";
import { checkParams, parseValue } from "../../space/values.js";
import type { CommandWorld } from "./command-world.js";
import { configFormat, readLeaves, readText } from "./config-file.js";
import { isInterpreter } from "./find-script.js";
import { dimensionName, isOption, optionName } from "./option-words.js";

export interface PointContext {
  readonly space: Space;
  /** Name of the option that carries a configuration file, without dashes; default "config". */
  readonly configOption?: string;
  /** The words of the experiment's own command, to know its script again; none when a program defined it. */
  readonly command?: readonly string[];
  readonly world: CommandWorld;
}

/**
 * Read the parameters of a trial from the words behind `orion insert`'s own options.
 *
 * Values are written `--lr=0.1`, `--lr 0.1`, `--lr~0.1` or `lr=0.1`; the program in front of them is skipped, and need
 * not exist where it is the experiment's own. Or they stand in a file: as string leaves `orion=0.1` of YAML and JSON (any word may
 * replace `orion` where the path is a dimension), as `lr=0.1` in other text. The file is the option's value, or the first
 * word if it is YAML or JSON.
 *
 * @returns A value for each dimension of the space; those not given have their default.
 * @throws {UsageError} for an unknown dimension, a value outside of its dimension, or one that is missing; for a word or a
 * file that gives none, since the defaults in its place would be another trial than was meant.
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
  { space, configOption = "config", command = [], world }: PointContext,
): Promise<{ readonly values: Values; readonly files: readonly string[] }> {
  const values: (readonly [string, string])[] = [];
  const files: string[] = [];
  const firstOption = words.findIndex(isOption);
  const program = firstOption < 0 ? words : words.slice(0, firstOption);
  for (const [index, word] of program.entries()) {
    const assigned = readAssigned(word, space);
    if (assigned !== undefined) values.push(assigned);
    else if (configFormat(word) !== "text" && !command.includes(word)) files.push(word);
    else if (!(await isOfProgram(program, index, { command, world }))) throw noValue(word);
  }
  for (let index = program.length; index < words.length; index += 1) {
    const assigned = readAssigned(words[index]!, space);
    if (assigned !== undefined) {
      values.push(assigned);
      continue;
    }
    const [, name, attached] = /^-+([^=~]+)(?:[=~](.*))?$/s.exec(words[index]!) ?? [];
    const text = attached ?? words[index + 1];
    if (name === undefined || text === undefined || (attached === undefined && isOption(text))) {
      throw noValue(words[index]!);
    }
    if (attached === undefined) index += 1;
    if (name === optionName(configOption) && findDimension(space, name) === undefined) files.push(text);
    else values.push([name, text]);
  }
  return { values, files };
}

/** `lr=0.1` without a dash, where `lr` is a dimension. */
function readAssigned(word: string, space: Space): readonly [name: string, text: string] | undefined {
  const [, name = "", text = ""] = /^\+{0,2}([^\s=~-][^\s=~]*)=(.*)$/s.exec(word) ?? [];
  return findDimension(space, name) === undefined ? undefined : [name, text];
}

/** True for a word of the experiment's command, for a program, and for the script behind an interpreter. */
async function isOfProgram(
  words: readonly string[],
  index: number,
  { command, world }: { readonly command: readonly string[]; readonly world: CommandWorld },
): Promise<boolean> {
  const word = words[index]!;
  if (command.some((own) => own === word || own === `./${word}`)) return true;
  if (index === 0 && isInterpreter(word)) return true;
  const mayBeProgram = index === 0 || (index === 1 && isInterpreter(words[0]!));
  return mayBeProgram && ((await world.kindOf(word)) === "file" || (await world.isOnPath(word)));
}

function noValue(word: string): UsageError {
  return new UsageError(`The word "${word}" gives no value.`, "Write values like --lr=0.1, behind the script.");
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
    return requireSome(
      found.filter(([name]) => isDimension(name)),
      path,
      "lr=0.1",
    );
  }
  const values: [string, string][] = [];
  for (const { path: name, value } of await readLeaves(text, { format, path })) {
    const [, word, assigned] = /^\s*(\w+)=(.+)$/s.exec(value ?? "") ?? [];
    if (assigned !== undefined && (word === "orion" || isDimension(name))) values.push([name, assigned.trim()]);
    else if (isDimension(name)) {
      throw new UsageError(
        `The place ${dimensionName(name)} of the file ${path} gives no value.`,
        `Write it like ${dimensionName(name).slice(1)}: orion=0.1.`,
      );
    }
  }
  return requireSome(values, path, "lr: orion=0.1");
}

function requireSome(values: Values, path: string, example: string): Values {
  if (values.length > 0) return values;
  throw new UsageError(`The file ${path} gives no value.`, `Write values in it like ${example}.`);
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
