/**
 * The user's command as it was typed, ready to be built for any trial.
 *
 * Plain data that survives JSON: it is stored in the experiment's metadata, so that another process on another machine
 * builds the same commands without the original configuration file.
 */
export interface UserCommand {
  /** The program's file or name as typed, behind an interpreter too; absent where there is none: `python -m train`. */
  readonly script?: string;
  /** One entry per word of a trial's argv. */
  readonly words: readonly CommandWord[];
  /**
   * Text after the `~` by dimension, marker included: `{"/lr": "+uniform(0, 1)", "/old": "-0.5"}`. First those of the
   * command line, then those of the configuration file, each in the order in which they were written.
   */
  readonly priors: Readonly<Record<string, string>>;
  /** Present when the command names a configuration file with priors. */
  readonly config?: ConfigTemplate;
}

/** A word that the user typed, or a place where something is put. Templates like `{trial.id}` count in the former only. */
export type CommandWord = string | ValueWord | ConfigWord;

/** The value of a dimension, directly behind `prefix`: "" or `--lr=`. */
interface ValueWord {
  readonly kind: "value";
  readonly prefix: string;
  readonly dimension: string;
}

/** The path of the generated configuration file. */
interface ConfigWord {
  readonly kind: "config";
}

export type ConfigFormat = "yaml" | "json" | "text";

/** A configuration file cut at its priors: what lies between them is kept to the letter. */
export interface ConfigTemplate {
  /** File name without its directory; the generated file has the same one, so the program sees the extension it expects. */
  readonly name: string;
  readonly format: ConfigFormat;
  readonly pieces: readonly (string | { readonly dimension: string })[];
  /** What the file says besides its dimensions, for comparison: scalars by path (`/model/name`); see also `textConstants`. */
  readonly constants: Readonly<Record<string, string>>;
}

/** The command in an experiment's metadata, or `undefined` when there is none: an experiment of the library. */
export function restoreCommand(stored: unknown): UserCommand | undefined {
  const command = stored as Partial<UserCommand> | null | undefined;
  const isCommand = Array.isArray(command?.words) && command.words.length > 0 && typeof command.priors === "object";
  return isCommand ? (command as UserCommand) : undefined;
}
