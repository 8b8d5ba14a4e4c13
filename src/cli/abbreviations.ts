import type { Command as CommanderCommand } from "commander";
import { CommandLineError } from "./exit-codes.js";

/**
 * Options may be shortened to any beginning that only one of them has: `--exp-max-t 5` means `--exp-max-trials 5`.
 * Only orion's own words are looked at; everything from the user's script on is left alone.
 *
 * @param words - The words after `orion`.
 * @param commandName - The command among them.
 * @throws {CommandLineError} when several options begin so.
 */
export function expandAbbreviations(
  words: readonly string[],
  commandName: string,
  program: CommanderCommand,
): string[] {
  const path = commandName.split(" ");
  const command = path.reduce((parent, word) => parent.commands.find((child) => child.name() === word)!, program);
  const options = command.options.filter((option) => option.long);
  const expanded = [...words];
  let at = words.indexOf(path.at(-1)!, words.indexOf(path[0]!)) + 1;
  const takesScript = command.registeredArguments.length > 0;
  for (; at < expanded.length; at++) {
    const word = expanded[at]!;
    if (word === "--" || (takesScript && !word.startsWith("-"))) break;
    const [name, ...rest] = word.split("=") as [string, ...string[]];
    let option = options.find((one) => one.long === name || one.short === name);
    if (option === undefined && name.startsWith("--") && name.length > 2 && name !== "--help") {
      const candidates = options.filter((one) => one.long!.startsWith(name));
      if (candidates.length > 1) {
        throw new CommandLineError(
          `The option ${name} could be ${candidates.map((one) => one.long).join(" or ")}.`,
          "Write a few letters more.",
        );
      }
      option = candidates[0];
      if (option !== undefined) expanded[at] = [option.long, ...rest].join("=");
    }
    if (option?.required && rest.length === 0) at++; // its value is the next word
  }
  return expanded;
}
