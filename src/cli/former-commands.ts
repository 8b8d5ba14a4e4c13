/** Commands of Oríon, and what they are here. */
const formerCommands: Readonly<Record<string, { readonly command: string; readonly option: string }>> = {
  init_only: { command: "hunt", option: "--init-only" },
};

/** Commands of Oríon that have no use here, and why: a sentence. */
const goneCommands: Readonly<Record<string, string>> = {
  "db release": "Nothing is ever locked here: what a dead worker was at is taken over by the next one.",
};

interface Replaced {
  readonly words: readonly string[];
  /** What the user should know, a sentence, where a command was replaced. */
  readonly warning?: string;
}

/**
 * The words of a command line with the command of today in the place of a former one.
 *
 * @param at - Index of the command; it need not be there.
 */
export function replaceFormer(words: readonly string[], at: number): Replaced {
  const word = words[at] ?? "";
  if (!Object.hasOwn(formerCommands, word)) return { words };
  const { command, option } = formerCommands[word]!;
  // Alone it shows the help, as the command of today does.
  const replacement = at === words.length - 1 ? [command] : [command, option];
  return {
    words: words.toSpliced(at, 1, ...replacement),
    warning: `${word} is deprecated; use ${command} ${option}.`,
  };
}

/** What to say of a command that is not there, if it ever was. */
export function whyGone(name: string): string | undefined {
  return Object.hasOwn(goneCommands, name) ? goneCommands[name] : undefined;
}
