import { Command as CommanderCommand, CommanderError } from "commander";
import { CommandLineError } from "../errors.js";
import { nearestName } from "../nearest-name.js";
import { version } from "../version.js";
import { expandAbbreviations, findOption } from "./abbreviations.js";
import type { Command } from "./command.js";
import { replaceFormer, whyGone } from "./former-commands.js";
import { placeOf } from "./place.js";
import { type CommandName, commands } from "./registry.js";
import type { Terminal } from "./terminal.js";

/** What the words before the command ask for. */
export interface GlobalOptions {
  readonly verbosity: number;
  readonly isDebug: boolean;
  readonly logdir: string | undefined;
  /** Whether the command itself is asked for JSON; a user's script may have a `--json` of its own. */
  readonly isJson: boolean;
  /** The options that lead to the database, see `placeOf`. */
  readonly place: string;
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
  let opened: Terminal | undefined;
  const terminal = () => {
    const options = command?.opts() ?? {};
    opened ??= openTerminal({ ...globalOptions(program), isJson: options.json === true, place: placeOf(options) });
    return opened;
  };
  const program = createProgram({ write: (text) => terminal().out(text), width: () => terminal().width() });
  const typed = expandAbbreviations({ words, from: 0, command: program, isHead: true });
  const { warning, words: begun } = replaceFormer(typed, commandStart(typed));
  const found = findCommand(begun);
  const command = found === undefined ? undefined : commandOf(program, found.name);
  let expanded = begun;
  let strayOption: string | undefined;
  if (found !== undefined && command !== undefined) {
    const { default: module } = await commands[found.name].load();
    module.configure(command);
    strayOption = module.strayOption;
    command.action(async () => {
      if (warning !== undefined) terminal().error(`Warning: ${warning}\n`);
      exitCode = (await run(module, command, terminal())) ?? 0;
    });
    const takesScript = command.registeredArguments.some((argument) => argument.variadic);
    expanded = expandAbbreviations({ words: begun, from: found.end, command, isHead: takesScript });
  }
  try {
    await program.parseAsync(expanded, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0; // help or version was shown
    throw commandLineError(error, { program, name: found?.name ?? groupIn(begun), strayOption });
  }
  return exitCode;
}

function globalOptions(program: CommanderCommand): Omit<GlobalOptions, "isJson" | "place"> {
  const { verbose = 0, debug = false, logdir } = program.opts<{ verbose?: number; debug?: boolean; logdir?: string }>();
  return { verbosity: verbose, isDebug: debug, logdir };
}

function run(module: Command, command: CommanderCommand, terminal: Terminal): Promise<number | undefined> {
  return module.run({ terminal, options: command.opts(), words: command.args, help: () => helpOf(command) });
}

/** With the examples, which commander leaves out of `helpInformation`. */
function helpOf(command: CommanderCommand): string {
  const { writeOut } = command.configureOutput();
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  command.configureOutput({ ...(writeOut === undefined ? {} : { writeOut }) });
  return parts.join("");
}

/** Where help goes. */
interface HelpOutput {
  readonly write: (text: string) => void;
  /** Columns. */
  readonly width: () => number;
}

/** Lines of prose are hard to read when they are longer. */
const widestHelp = 110;

/** The whole tree of commands, each known by name and summary only. */
export function createProgram({ write, width }: HelpOutput): CommanderCommand {
  const program = new CommanderCommand("orion")
    .description("Find good parameters of any program, with any number of workers and no master.")
    .configureOutput({
      writeOut: write,
      writeErr: () => {}, // errors become exceptions that the one place for errors reports
      getOutHelpWidth: () => Math.min(width(), widestHelp),
      getOutHasColors: () => false,
    })
    .exitOverride()
    .version(`orion ${version}`, "-V, --version", "print the version")
    .option("-v, --verbose", "say more on standard error; twice: everything", (_, count: number) => count + 1, 0)
    .option("--logdir <dir>", "write the log to a file in this folder instead")
    .option("-d, --debug", "use a throw-away database in memory")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .passThroughOptions() // options behind a word that is no command: the word is what is wrong
    .showSuggestionAfterError(true)
    .allowExcessArguments(true)
    .addHelpText("after", "\nStart here:\n  orion hunt -n demo ./train.py --lr~'loguniform(1e-5, 1)'");
  refuseUnknown(program, Object.keys(commands).map(firstWord));
  for (const [name, { summary }] of Object.entries(commands)) {
    const [first, second] = name.split(" ") as [string, string | undefined];
    const parent = second === undefined ? program : group(program, first);
    // what a parent is configured with, its children inherit
    parent
      .command(second ?? first)
      .description(sentence(summary))
      .summary(summary)
      .allowExcessArguments(false);
  }
  return program;
}

const groupSummaries: Readonly<Record<string, string>> = {
  db: "manage the database",
  benchmark: "compare algorithms",
};

function group(program: CommanderCommand, name: string): CommanderCommand {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const summary = groupSummaries[name]!;
  const made = program.command(name).description(sentence(summary)).summary(summary);
  made.helpCommand(false).allowExcessArguments(true).passThroughOptions();
  const children = Object.keys(commands).filter((command) => firstWord(command) === name);
  refuseUnknown(
    made,
    children.map((child) => child.slice(name.length + 1)),
    `${name} `,
  );
  return made;
}

/**
 * Nothing but the command's name: its help. A word that is no sub-command: an error that names the nearest one.
 *
 * @param prefix - What stands between `orion` and the word.
 */
function refuseUnknown(command: CommanderCommand, known: readonly string[], prefix = ""): void {
  command.action(() => {
    const [word] = command.args;
    if (word === undefined) return command.outputHelp();
    const nearest = nearestName(word, known) ?? known.find((name) => name.startsWith(word));
    const suggestion = nearest === undefined ? "" : ` (did you mean '${prefix}${nearest}'?)`;
    const help = `See orion ${prefix}--help.`;
    const gone = whyGone(`${prefix}${word}`);
    throw new CommandLineError(
      `Unknown command '${prefix}${word}'${suggestion}.`,
      gone === undefined ? help : `${gone} ${help}`,
    );
  });
}

const firstWord = (name: string): string => name.split(" ")[0]!;

const sentence = (summary: string): string => `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;

/** The commander command of a name in the registry. */
export function commandOf(program: CommanderCommand, name: CommandName): CommanderCommand {
  return name.split(" ").reduce((parent, word) => parent.commands.find((child) => child.name() === word)!, program);
}

/**
 * The command that the words name: the first word that is no global option, with the next one where it is a group.
 *
 * @returns Its name, and the index behind it.
 */
export function findCommand(words: readonly string[]): { name: CommandName; end: number } | undefined {
  const at = commandStart(words);
  for (const count of [1, 2]) {
    const name = words.slice(at, at + count).join(" ");
    if (Object.hasOwn(commands, name)) return { name: name as CommandName, end: at + count };
  }
  return undefined;
}

/** Index of the first word that is no global option. */
function commandStart(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && words[at]!.startsWith("-")) at += words[at] === "--logdir" ? 2 : 1;
  return at;
}

function groupIn(words: readonly string[]): string | undefined {
  const word = words[commandStart(words)];
  return word !== undefined && Object.hasOwn(groupSummaries, word) ? word : undefined;
}

interface FaultyLine {
  readonly program: CommanderCommand;
  /** The command, or the group, that the words name. */
  readonly name: string | undefined;
  readonly strayOption: string | undefined;
}

function commandLineError(error: CommanderError, { program, name, strayOption }: FaultyLine): CommandLineError {
  const message = error.message.replace(/^error: /, "").replace(/\n\(Did/, " (did");
  const sentenceText = `${message[0]!.toUpperCase()}${message.slice(1)}`.replace(/\.?$/, ".");
  const help = `See orion ${name === undefined ? "" : `${name} `}--help.`;
  const option = /^unknown option '([^'=]*)/.exec(message)?.[1];
  if (option === undefined || name === undefined) return new CommandLineError(sentenceText, help);
  const isGlobal = findOption(program, option) !== undefined;
  const remedy = isGlobal ? `Write it before the command: orion ${option} ${name} …` : strayOption;
  return new CommandLineError(sentenceText, remedy === undefined ? help : `${remedy} ${help}`);
}
