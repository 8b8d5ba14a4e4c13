import type { Command as CommanderCommand, Option } from "commander";
import { CommandLineError } from "../errors.js";

interface Abbreviated {
  /** The words after `orion`. */
  readonly words: readonly string[];
  /** Where the command's own words begin: behind its name. */
  readonly from: number;
  readonly command: CommanderCommand;
  /** Everything from the first word on that is no option is somebody else's. */
  readonly isHead: boolean;
}

/**
 * Options may be shortened to any beginning that only one of them has: `--exp-max-t 5` means `--exp-max-trials 5`. And
 * `-n=x` means `-n x`. Only orion's own words are looked at; for a command that takes a script, everything from the script
 * on is left alone.
 *
 * @throws {CommandLineError} when several options begin so, or another option stands where the value of one should.
 */
export function expandAbbreviations({ words, from, command, isHead }: Abbreviated): string[] {
  const options = command.options.filter((option) => option.long && !option.hidden);
  const expanded = [...words];
  for (let at = from; at < expanded.length; at++) {
    const word = expanded[at]!;
    if (word === "--" || (isHead && !word.startsWith("-"))) break;
    const [name, ...rest] = word.split("=") as [string, ...string[]];
    let option = findOption(command, name);
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
    // commander would take the equals sign for a part of the value
    if (option?.required && name === option.short && rest.length > 0) expanded[at] = [option.long, ...rest].join("=");
    if (option?.required && rest.length === 0) {
      at++; // its value is the next word
      requireValue(command, option, expanded[at]);
    }
  }
  return expanded;
}

/** The option of that name, long or short, with its dashes. */
export function findOption(command: CommanderCommand, name: string): Option | undefined {
  return command.options.find((one) => one.long === name || one.short === name);
}

/** A value may begin with a dash, as a negative number does, but one of our own options is not meant as a value. */
function requireValue(command: CommanderCommand, option: Option, value: string | undefined): void {
  const [name = ""] = value?.split("=") ?? [];
  const isOurs = ["--", "--help", "-h"].includes(name) || findOption(command, name) !== undefined;
  if (!isOurs) return;
  throw new CommandLineError(
    `The option ${option.long} needs a value, and ${name} follows.`,
    `A value that looks like an option is written ${option.long}=${value}.`,
  );
}
