import { Command as CommanderCommand, CommanderError } from "commander";
import { version } from "../version.js";
import { expandAbbreviations } from "./abbreviations.js";
import type { Command } from "./command.js";
import { CommandLineError } from "./exit-codes.js";
import { type CommandName, commands } from "./registry.js";
import type { Terminal } from "./terminal.js";

/** What the words before the command ask for. */
export interface GlobalOptions {
  readonly verbosity: number;
  readonly isDebug: boolean;
  readonly logdir: string | undefined;
}

/**
 * Run one command line.
 *
 * @param words - The words after `orion`.
 * @param openTerminal - Called once the global options are known.
 * @returns The exit code.
 */
export async function runProgram(
  words: readonly string[],
  openTerminal: (globals: GlobalOptions) => Terminal,
): Promise<number> {
  let exitCode = 0;
  const program = createProgram();
  const name = findCommand(words);
  if (name !== undefined) {
    const { default: module } = await commands[name].load();
    const command = commandOf(program, name);
    module.configure(command);
    command.action(async () => {
      const {
        verbose = 0,
        debug = false,
        logdir,
      } = program.opts<{ verbose?: number; debug?: boolean; logdir?: string }>();
      const terminal = openTerminal({ verbosity: verbose, isDebug: debug, logdir });
      exitCode = (await run(module, command, terminal)) ?? 0;
    });
  }
  try {
    await program.parseAsync(name === undefined ? [...words] : expandAbbreviations(words, name, program), {
      from: "user",
    });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0; // help or version was shown
    throw commandLineError(error, name);
  }
  return exitCode;
}

function run(module: Command, command: CommanderCommand, terminal: Terminal): Promise<number | undefined> {
  return module.run({ terminal, options: command.opts(), words: command.args, help: () => command.helpInformation() });
}

/** The whole tree of commands, each known by name and summary only. */
export function createProgram(): CommanderCommand {
  const program = new CommanderCommand("orion")
    .description("Find good parameters of any program, with any number of workers and no master.")
    .version(`orion ${version}`, "-V, --version", "print the version")
    .option("-v, --verbose", "say more on standard error; twice: everything", (_, count: number) => count + 1, 0)
    .option("--logdir <dir>", "write the log to a file in this folder instead")
    .option("-d, --debug", "use a throw-away database in memory")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .addHelpText("after", "\nStart here:  orion hunt -n demo ./train.py --lr~'loguniform(1e-5, 1)'");
  quiet(program).action(() => {
    if (program.args.length > 0)
      program.error(`error: unknown command '${program.args[0]}'${nearest(program.args[0]!)}`);
    program.outputHelp();
  });
  program.allowExcessArguments(true);
  const groups = new Map<string, CommanderCommand>();
  for (const [name, { summary }] of Object.entries(commands)) {
    const [first, second] = name.split(" ") as [string, string | undefined];
    if (second === undefined) quiet(program.command(first).description(sentence(summary)).summary(summary));
    else quiet(group(program, groups, first).command(second).description(sentence(summary)).summary(summary));
  }
  return program;
}

function group(program: CommanderCommand, groups: Map<string, CommanderCommand>, name: string): CommanderCommand {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const made = quiet(program.command(name).description("Look after the database.").summary("look after the database"));
  made.helpCommand(false).allowExcessArguments(true);
  made.action(() => {
    if (made.args.length > 0) made.error(`error: unknown command 'db ${made.args[0]}'`);
    made.outputHelp();
  });
  groups.set(name, made);
  return made;
}

const sentence = (summary: string): string => `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;

/** Errors become exceptions that the one place for errors reports. */
function quiet(command: CommanderCommand): CommanderCommand {
  return command.exitOverride().configureOutput({ writeErr: () => {} });
}

function commandOf(program: CommanderCommand, name: CommandName): CommanderCommand {
  return name.split(" ").reduce((parent, word) => parent.commands.find((child) => child.name() === word)!, program);
}

/** The command that the words name: the first word that is no global option, with the next one where it is a group. */
export function findCommand(words: readonly string[]): CommandName | undefined {
  let at = 0;
  while (at < words.length && words[at]!.startsWith("-")) at += words[at] === "--logdir" ? 2 : 1;
  const [first, second] = [words[at], words[at + 1]];
  return [first, `${first} ${second}`].find((name) => name !== undefined && Object.hasOwn(commands, name)) as
    | CommandName
    | undefined;
}

function nearest(word: string): string {
  const known = Object.keys(commands).map((name) => name.split(" ")[0]!);
  const close = known.find((name) => [...word].sort().join("") === [...name].sort().join("") || name.startsWith(word));
  return close === undefined ? "" : ` (did you mean '${close}'?)`;
}

function commandLineError(error: CommanderError, name: string | undefined): CommandLineError {
  const message = error.message.replace(/^error: /, "");
  const sentenceText = `${message[0]!.toUpperCase()}${message.slice(1)}`.replace(/\.?$/, ".");
  return new CommandLineError(sentenceText, `See orion ${name === undefined ? "" : `${name} `}--help.`);
}
