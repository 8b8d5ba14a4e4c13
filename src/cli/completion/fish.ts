import { type CommandShape, type OptionShape, type ValueKind, wordsOf } from "./command-shapes.js";

/** A script for fish: one `complete` per command and option. */
export function fishCompletion(shapes: readonly CommandShape[]): string {
  const groups = [...new Set(shapes.filter(({ path }) => path.length > 1).map(({ path }) => path[0]!))];
  const lines = [
    "# Completions of orion. In ~/.config/fish/config.fish:  orion completion fish | source",
    experimentsFunction,
    "complete -c orion -f",
    ...groups.map((name) => complete({ when: "__fish_use_subcommand", words: name })),
    ...shapes.flatMap((shape) => linesOf(shape, shapes)),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf({ path, summary, options, argument }: CommandShape, shapes: readonly CommandShape[]): string[] {
  const [first, second] = path;
  const siblings = shapes.filter((shape) => shape.path[0] === first && shape.path.length > 1);
  const offered =
    second === undefined
      ? "__fish_use_subcommand"
      : `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${siblings
          .map((sibling) => sibling.path[1])
          .join(" ")}`;
  const inside = path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ") || "__fish_use_subcommand";
  return [
    ...(first === undefined ? [] : [complete({ when: offered, words: second ?? first, description: summary })]),
    ...options.map((option) => complete({ when: inside, option, kind: option.value, description: option.description })),
    ...(argument === undefined ? [] : [complete({ when: inside, kind: argument })]),
  ];
}

interface Completion {
  /** Condition in fish's own words. */
  readonly when: string;
  readonly words?: string;
  readonly option?: OptionShape;
  readonly kind?: ValueKind | undefined;
  readonly description?: string;
}

function complete({ when, words, option, kind, description }: Completion): string {
  // An algorithm may be a file, too.
  const isFile = kind === "file" || kind === "algorithm";
  const offered = words ?? (kind === "experiment" ? experiments : wordsOf(kind).join(" "));
  return [
    `complete -c orion -n ${quote(when)}`,
    ...(option === undefined ? [] : [`-l ${option.long.slice(2)}`]),
    ...(option?.short === undefined ? [] : [`-s ${option.short.slice(1)}`]),
    ...(option !== undefined && kind !== undefined ? [isFile || kind === "text" ? "-r" : "-x"] : []),
    ...(isFile ? ["-F"] : []),
    ...(offered === "" ? [] : [`-a ${quote(offered)}`]),
    ...(description ? [`-d ${quote(description)}`] : []),
  ].join(" ");
}

const experiments = "(__orion_experiments | string split0)";

/** fish takes what stands behind a tab for a description, so a name with a tab cannot be offered. */
const experimentsFunction = `function __orion_experiments
  for name in (orion completion --experiments 2>/dev/null | string split0)
    string match -q "*"\\t"*" -- $name; or printf '%s\\0' $name
  end
end`;

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
