import type { Command as CommanderCommand } from "commander";
import { CommandLineError } from "../../errors.js";
import { addStorageOptions, wholeNumber } from "../common-options.js";

/** Options that every command about a benchmark has. */
export interface BenchmarkOptions {
  readonly name?: string;
  readonly config?: string;
  readonly storage?: string;
  readonly json?: boolean;
}

export function addBenchmarkOptions(command: CommanderCommand): CommanderCommand {
  command.option("-n, --name <benchmark>", "name of the benchmark");
  return addStorageOptions(command).option("--json", "print one JSON document");
}

/** @throws {CommandLineError} when none was given. */
export function requireName({ name }: BenchmarkOptions): string {
  if (name !== undefined && name.trim() !== "") return name;
  throw new CommandLineError("No name was given for the benchmark.", "Add -n NAME.");
}

/** A parser for commander: an option that may be given several times, and takes several values between commas. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(",").map((part) => part.trim())].filter((part) => part !== "");
}

/** The same for one value each time: options of algorithms have commas of their own. */
export function collectWhole(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** A parser for commander: `1,4,16`. */
export function wholeNumbers(option: string): (text: string) => number[] {
  const one = wholeNumber(option, 1);
  return (text) => [...new Set(text.split(",").map(one))].sort((a, b) => a - b);
}
