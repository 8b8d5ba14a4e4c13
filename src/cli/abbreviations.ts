import type { Command as CommanderCommand } from "commander";
import { CommandLineError } from "./exit-codes.js";

interface Abbreviated {
  /** The words after `orion`. */
  readonly words: readonly string[];
  /** Where the command's own words begin: behind its name. */
  readonly from: number;
  readonly command: CommanderCommand;
}

/**
 * Options may be shortened to any beginning that only one of them has: `--exp-max-t 5` means `--exp-max-trials 5`.
 * Only orion's own words are looked at; for a command that takes a script, everything from the script on is left alone.
 *
 * @throws {CommandLineError} when several options begin so.
 */
export function expandAbbreviations({ words, from, command }: Abbreviated): string[] {
  const options = command.options.filter((option) => option.long && !option.hidden);
  const takesScript = command.registeredArguments.some((argument) => argument.variadic);
  const expanded = [...words];
  for (let at = from; at < expanded.length; at++) {
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
