import type { CommandShape, OptionShape, ValueKind } from "./command-shapes.js";

/** A script for fish: one `complete` per command and option. */
export function fishCompletion(shapes: readonly CommandShape[]): string {
  const groups = [...new Set(shapes.filter(({ path }) => path.length > 1).map(({ path }) => path[0]!))];
  const lines = [
    "# Completions of orion. In ~/.config/fish/config.fish:  orion completion fish | source",
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
  const isFile = kind === "file";
  const offered = words ?? (Array.isArray(kind) ? kind.join(" ") : kind === "experiment" ? experiments : undefined);
  return [
    `complete -c orion -n ${quote(when)}`,
    ...(option === undefined ? [] : [`-l ${option.long.slice(2)}`]),
    ...(option?.short === undefined ? [] : [`-s ${option.short.slice(1)}`]),
    ...(option !== undefined && kind !== undefined ? ["-r"] : []),
    ...(isFile ? ["-F"] : []),
    ...(offered === undefined ? [] : [`-a ${quote(offered)}`]),
    ...(description ? [`-d ${quote(description)}`] : []),
  ].join(" ");
}

const experiments = "(orion completion --experiments 2>/dev/null)";

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
