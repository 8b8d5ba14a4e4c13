import { UsageError } from "../../errors.js";
import { splitMarker } from "../../space/markers.js";
import { dimensionName, isOption, optionName } from "./option-words.js";
import { findOrionPrior } from "./prior-text.js";
import type { CommandWord } from "./user-command.js";

/**
 * Find the priors among the words of a command; every other word stays as it is, where it is.
 *
 * | typed | dimension | words of a trial |
 * |---|---|---|
 * | `--lr~uniform(0, 1)` | `/lr` | `--lr` `0.5` |
 * | `--x~uniform(0, 1)` | `/x` | `-x` `0.5`: a one-letter option gets one dash |
 * | `--lr orion~uniform(0, 1)` | `/lr` | `--lr` `0.5` |
 * | `--lr=orion~uniform(0, 1)` | `/lr` | `--lr=0.5` |
 * | `lr=orion~uniform(0, 1)` | `/lr` | `lr=0.5`; `+` and `++` in front, as Hydra has them, are no part of the name |
 * | `orion~uniform(0, 1)` | `/_pos_N` | `0.5`; N positional words stand before it, the program included |
 * | `--old~-`, `--old~>new` | `/old` | none |
 *
 * Behind a dash, anything after the first `~` is meant as a prior, unless it is empty or a path: `--file~`, `--home~/data`.
 *
 * @throws {UsageError} when a dimension is defined twice.
 */
export function readPriorWords(words: readonly string[]): {
  readonly words: readonly CommandWord[];
  readonly priors: Readonly<Record<string, string>>;
} {
  const out: CommandWord[] = [];
  const priors = new Map<string, string>();
  let positionalCount = 0;
  let openOption: string | undefined;
  for (const [index, word] of words.entries()) {
    const found = index === 0 ? undefined : findPrior(word, openOption ?? `_pos_${positionalCount}`);
    if (found === undefined) {
      out.push(word);
    } else {
      define(priors, dimensionName(found.name), found.prior);
      const value = { kind: "value", prefix: found.prefix, dimension: dimensionName(found.name) } as const;
      if (!isRemoval(found.prior)) out.push(...found.options, value);
      else if (found.isBare && openOption !== undefined) out.pop();
    }
    const isPositional = openOption === undefined && !isOption(word);
    if (isPositional) positionalCount += 1;
    const isOpen = found === undefined && isOption(word) && !word.includes("=") && optionName(word) !== "";
    openOption = isOpen ? optionName(word) : undefined;
  }
  return { words: out, priors: Object.fromEntries(priors) };
}

/**
 * True for the markers `-`, `-VALUE` and `>name`, which define no dimension.
 *
 * @throws {SpaceSyntaxError} for a marker that cannot be read.
 */
export function isRemoval(prior: string): boolean {
  const kind = splitMarker(prior).marker?.kind;
  return kind === "remove" || kind === "rename";
}

interface PriorWord {
  readonly name: string;
  readonly prior: string;
  /** Words in front of the value. */
  readonly options: readonly string[];
  readonly prefix: string;
  /** The option, if there is one, is the word before. */
  readonly isBare?: true;
}

function findPrior(word: string, bareName: string): PriorWord | undefined {
  const attached = /^(-+)([^\s=~-][^\s=~]*)~(?!\/)(.+)$/s.exec(word);
  if (attached !== null) {
    const [, dashes = "", name = "", prior = ""] = attached;
    const option = name.length === 1 ? `-${name}` : `${dashes}${name}`;
    return { name, prior, options: [option], prefix: "" };
  }
  const assigned = /^((?:-+|\+{0,2})([^\s=~-][^\s=~]*)=)(.*)$/s.exec(word);
  const prior = findOrionPrior(assigned?.[3] ?? word);
  if (prior === undefined) return undefined;
  if (assigned === null) return { name: bareName, prior, options: [], prefix: "", isBare: true };
  return { name: assigned[2]!, prior, options: [], prefix: assigned[1]! };
}

function define(priors: Map<string, string>, name: string, prior: string): void {
  const first = priors.get(name);
  if (first !== undefined) {
    throw new UsageError(
      `Dimension "${name}" is defined twice on the command line: "${first}" and "${prior}".`,
      "Give each dimension one prior.",
    );
  }
  priors.set(name, prior);
}
