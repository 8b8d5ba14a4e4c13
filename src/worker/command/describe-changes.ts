import { dimensionName, isOption, optionName } from "./option-words.js";
import type { ConfigTemplate, UserCommand } from "./user-command.js";

/**
 * What differs between the command of an experiment and one that was just typed: one sentence each, none when the
 * commands do the same. Priors are left out, and so is what became a dimension or was one before: that is told with the
 * space. The order of options does not matter, nor does the name of the configuration file.
 *
 * @param options.nonMonitored - Names of options, without dashes, that may differ together with their values.
 */
export function compareCommands(
  stored: UserCommand,
  given: UserCommand,
  { nonMonitored }: { readonly nonMonitored: readonly string[] },
): readonly string[] {
  const ignored = new Set([...nonMonitored.map((name) => dimensionName(optionName(name)))]);
  for (const name of [...Object.keys(stored.priors), ...Object.keys(given.priors)]) ignored.add(name);
  return [...compareWords(stored, given, ignored), ...compareConfigs(stored.config, given.config, ignored)];
}

function compareWords(stored: UserCommand, given: UserCommand, ignored: ReadonlySet<string>): readonly string[] {
  const grouped = ({ words }: UserCommand) => {
    const groups = [...groupByOption(words)].filter(([key]) => !ignored.has(dimensionName(optionName(key))));
    return new Map(groups.map(([key, values]) => [key, values.map(quote).join(" ")]));
  };
  const subject = (key: string) => (key === noOption ? "The command without its options" : `Option ${key}`);
  return compareEntries(grouped(stored), grouped(given), subject);
}

/** Key of the words that belong to no option; no option is written like this. */
const noOption = "";

/** The values behind each option. What follows the value of a dimension belongs to no option. */
function groupByOption(words: UserCommand["words"]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const add = (key: string, ...values: string[]) => groups.set(key, [...(groups.get(key) ?? []), ...values]);
  let key = noOption;
  for (const [index, word] of words.entries()) {
    if (typeof word !== "string") {
      key = noOption;
    } else if (!isOption(word)) {
      add(key, word);
    } else if (word.includes("=")) {
      key = word.slice(0, word.indexOf("="));
      add(key, word.slice(key.length + 1));
    } else if (typeof words[index + 1] !== "object") {
      key = word;
      add(key);
    }
  }
  return groups;
}

function compareConfigs(
  stored: ConfigTemplate | undefined,
  given: ConfigTemplate | undefined,
  ignored: ReadonlySet<string>,
): readonly string[] {
  if (stored === undefined) return given === undefined ? [] : [`The configuration file ${given.name} is new.`];
  if (given === undefined) return [`The configuration file ${stored.name} is gone, or holds no prior any more.`];
  const constants = ({ constants: own }: ConfigTemplate, other: ConfigTemplate) =>
    new Map(Object.entries(own).filter(([key]) => !ignored.has(key) && !isNewDimensionLine(key, other)));
  const subject = (key: string) => `In ${given.name}, ${given.format === "text" ? "line " : ""}${quote(key)}`;
  return compareEntries(constants(stored, given), constants(given, stored), subject);
}

/** In a text, a line with dimensions that has no counterpart. */
function isNewDimensionLine(key: string, other: ConfigTemplate): boolean {
  return key.startsWith("~") && !Object.hasOwn(other.constants, key);
}

function compareEntries(
  stored: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
  subject: (key: string) => string,
): readonly string[] {
  const changes: string[] = [];
  for (const [key, was] of stored) {
    const is = given.get(key);
    if (is === undefined) changes.push(`${subject(key)} is gone${was && `; it was ${was}`}.`);
    else if (is !== was)
      changes.push(`${subject(key)} is now ${is || "without a value"}; it was ${was || "without one"}.`);
  }
  for (const [key, is] of given) if (!stored.has(key)) changes.push(`${subject(key)} is new${is && `: ${is}`}.`);
  return changes;
}

function quote(word: string): string {
  return /^[^\s"']+$/.test(word) ? word : JSON.stringify(word);
}
