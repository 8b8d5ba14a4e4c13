import { OrionError } from "../../errors.js";
import { priorNames } from "../../space/parse-dimension.js";
import type { CommandWorld } from "./command-world.js";
import { configFormat, readConfigFile, readLeaves, readText } from "./config-file.js";
import { isOption, optionName } from "./option-words.js";
import type { UserCommand } from "./user-command.js";

interface CommandLine {
  /** Name of the option that carries the program's configuration file, without dashes. */
  readonly configOption: string;
  readonly world: CommandWorld;
}

/**
 * Words of a command, and files that it names, which look like priors or hold some, and do not count: a sentence each on
 * what it is and how it is to be written. A program may well want such words, so they are no mistakes by themselves.
 */
export async function findNearMisses({ words }: UserCommand, line: CommandLine): Promise<readonly string[]> {
  const sentences: string[] = [];
  let option: string | undefined;
  for (const [index, word] of words.entries()) {
    const before = option;
    option = typeof word === "string" && isOption(word) && !word.includes("=") ? word : undefined;
    if (index === 0 || typeof word !== "string") continue;
    const [, assigned, rest] = /^([^\s=~]+)=(.*)$/s.exec(word) ?? [];
    const value = rest ?? word;
    const given = { option: assigned ?? before, value, word };
    const sentence = looksLikePrior(given) ?? (isOption(value) ? undefined : await holdsPriors(given, line));
    if (sentence !== undefined) sentences.push(sentence);
  }
  return sentences;
}

/** What is wrong with the configuration files of a command in which no prior was found: a sentence each. */
export async function findConfigFaults({ words }: UserCommand, line: CommandLine): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const [index, word] of words.entries()) {
    if (typeof word !== "string" || !isOption(word) || optionName(word) !== optionName(line.configOption)) continue;
    const next = words[index + 1];
    const path = word.includes("=") ? word.slice(word.indexOf("=") + 1) : typeof next === "string" ? next : "";
    if (path !== "") sentences.push(await describeFile(path, line));
  }
  return sentences;
}

interface GivenWord {
  /** With its dashes, if it has any: `lr=0.1`. */
  readonly option: string | undefined;
  readonly value: string;
  readonly word: string;
}

function looksLikePrior({ option, value, word }: GivenWord): string | undefined {
  const [, name, prior] = priorAlone.exec(value) ?? [];
  if (prior === undefined) return undefined;
  return `"${word}" is passed on as it is; a prior would be written ${writePrior({ option, name, prior })}.`;
}

const anyPrior = `(?:${priorNames.join("|")})\\s*\\(`;
/** `uniform(0, 1)`, `~uniform(0, 1)`, `lr~uniform(0, 1)`. */
const priorAlone = new RegExp(`^\\s*(?:([^\\s=~]*)~)?\\s*(${anyPrior}.*\\))\\s*$`, "is");
/** As text files have them: `lr~uniform(0, 1)`, `lr~+uniform(0, 1)`. */
const priorBehindName = new RegExp(`\\w~\\+?${anyPrior}`, "i");

function writePrior({ option, name, prior }: Pick<GivenWord, "option"> & { name: string | undefined; prior: string }) {
  if (name) return `--${name}~'${prior}' or ${name}=orion~'${prior}'`;
  if (option === undefined) return `orion~'${prior}'`;
  // `--lr~ 'uniform(0, 1)'`: only the blank is too much.
  return isOption(option) ? `${option.replace(/~$/, "")}~'${prior}'` : `${option}=orion~'${prior}'`;
}

async function holdsPriors({ option, value: path }: GivenWord, line: CommandLine): Promise<string | undefined> {
  const { configOption, world } = line;
  if (option !== undefined && (!isOption(option) || optionName(option) === optionName(configOption))) return undefined;
  if (path === "" || (await world.kindOf(path)) !== "file") return undefined;
  const isText = configFormat(path) === "text";
  // Other text, such as a script or its manual, may well speak of priors.
  if (isText && !/\.(?:toml|ini|cfg|conf)$/i.test(path)) return undefined;
  const text = await world.readFile(path).catch(() => "");
  if (!(isText ? priorBehindName : /["'\s:]orion~(?!\/)/).test(text)) return undefined;
  const way =
    option === undefined ? `put --${configOption} in front of it` : `add --user-script-config ${optionName(option)}`;
  return `${path} holds priors and is passed on as it is; to have it filled in, ${way}.`;
}

async function describeFile(path: string, { configOption, world }: CommandLine): Promise<string> {
  const subject = `The file "${path}" of --${optionName(configOption)}`;
  const kind = await world.kindOf(path);
  if (kind === undefined) return `${subject} does not exist.`;
  if (kind === "directory") return `${subject} is a directory.`;
  const format = configFormat(path);
  try {
    if (format !== "text") await readLeaves(await readText(path, world), { format, path });
    else await readConfigFile(path, world);
  } catch (error) {
    if (error instanceof OrionError) return error.message;
    throw error;
  }
  return `${subject} holds no prior${format === "text" ? "" : `, such as lr: "orion~loguniform(1e-5, 1)"`}.`;
}
