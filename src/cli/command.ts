import type { Command as CommanderCommand } from "commander";
import type { Terminal } from "./terminal.js";

/** One command of `orion`: the default export of its file in `commands/`, found through `registry.ts`. */
export interface Command<Options extends object = Record<string, unknown>> {
  /** Declare arguments and options on a prepared commander command. */
  configure(command: CommanderCommand): void;
  /** What to do about an option that it does not know, where words of somebody else may be meant: a sentence. */
  readonly strayOption?: string;
  /**
   * Do it.
   *
   * @param words - Positional words, to the letter.
   * @returns The exit code; 0 when nothing is returned. Errors are thrown, and reported in one place.
   */
  run(input: CommandInput<Options>): Promise<number | undefined>;
}

export interface CommandInput<Options extends object> {
  readonly terminal: Terminal;
  readonly options: Options;
  readonly words: readonly string[];
  /** Text of the command's own help, for commands that show it when nothing is given. */
  readonly help: () => string;
}

/** Types the options of a command. */
export function defineCommand<Options extends object>(command: Command<Options>): Command<Options> {
  return command;
}
