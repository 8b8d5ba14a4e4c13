import type { Command as CommanderCommand } from "commander";
import { CommandLineError } from "../errors.js";

/** Options that every command which loads an experiment has. */
export interface CommonOptions {
  readonly name?: string;
  readonly user?: string;
  readonly version?: number;
  readonly config?: string;
  readonly storage?: string;
  readonly json?: boolean;
}

/** Declare them. */
export function addCommonOptions(command: CommanderCommand): CommanderCommand {
  addStorageOptions(
    command
      .option("-n, --name <name>", "name of the experiment")
      .option("-u, --user <user>", "user recorded with the experiment")
      .option("-v, --version <number>", "version of the experiment (default: the newest)", wholeNumber("--version", 1)),
  );
  return addJsonOption(command);
}

/** Declare the same ones for commands that only look: they choose what is shown. */
export function addSelectionOptions(command: CommanderCommand): CommanderCommand {
  addStorageOptions(
    command
      .option("-n, --name <name>", "only the experiment of this name")
      .option("-u, --user <user>", "only experiments of this user")
      .option("-v, --version <number>", "only this version", wholeNumber("--version", 1)),
  );
  return addJsonOption(command);
}

/** `-c` and `--storage` alone, for commands that are about the database. */
export function addStorageOptions(command: CommanderCommand): CommanderCommand {
  return command
    .option("-c, --config <file>", "read this configuration file")
    .option("--storage <url>", "where the history is kept, e.g. sqlite:FILE");
}

function addJsonOption(command: CommanderCommand): CommanderCommand {
  return command.option("--json", "print one JSON document");
}

/**
 * A parser for commander: a whole number from `from` on, up to 2⁵³.
 *
 * @param isUnlimited - The word `inf` is read too.
 * @throws {CommandLineError} for anything else.
 */
export function wholeNumber(option: string, from = 0, isUnlimited = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && Number.isSafeInteger(value)) return value;
    if (isUnlimited && /^inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
    throw new CommandLineError(
      `${option} takes a whole number from ${from} on${isUnlimited ? ", or inf" : ""}, not "${text}".`,
      `For example ${option} 10.`,
    );
  };
}
