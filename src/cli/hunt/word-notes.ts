import { Command } from "commander";
import type { UserCommand } from "../../worker/command/user-command.js";
import { addHuntOptions } from "./hunt-options.js";

/** Options of ours that many programs have too: behind the program they are the program's. */
const usual: ReadonlySet<string> = new Set(
  "--name --user --version --config --storage --json --algorithm --direction --target --patience --grace --max-trials".split(
    " ",
  ),
);

/** Sentences on options that stand behind the program, though no program but orion is likely to have them. */
export function strayOptions({ words }: UserCommand): string[] {
  const hunt = new Command();
  addHuntOptions(hunt);
  const ours = new Set(hunt.options.map(({ long }) => long ?? "").filter((name) => name !== "" && !usual.has(name)));
  const names = words.flatMap((word) => (typeof word === "string" ? [word.replace(/=.*$/s, "")] : []));
  const stray = [...new Set(names)].filter((name) => ours.has(name));
  return stray.map(
    (name) => `${name} follows the program and is passed to it; options of orion stand before the program.`,
  );
}

/** Sentences on options of one letter that were typed with two dashes and reach the program with one, which it may not know. */
export function shortenedOptions(typed: readonly string[]): string[] {
  return typed.flatMap((word) => {
    const [, letter, prior] = /^--([^\s=~-])~(?!\/)(.+)$/s.exec(word) ?? [];
    if (letter === undefined) return [];
    return `--${letter} reaches the program as -${letter} VALUE; for --${letter}=VALUE write --${letter}=orion~'${prior}'.`;
  });
}
