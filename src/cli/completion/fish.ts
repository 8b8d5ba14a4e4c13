import { type CommandShape, type OptionShape, type ValueKind, wordsOf } from "./command-shapes.js";

/**
 * A script for fish: one `complete` per command, option and positional word, each under a condition on what stands before:
 * the command and how many positional words of its own, `db rm:1`.
 */
export function fishCompletion(shapes: readonly CommandShape[]): string {
  const groups = [...new Set(shapes.filter(({ path }) => path.length > 1).map(({ path }) => path[0]!))];
  const lines = [
    "# Completions of orion. In ~/.config/fish/config.fish:  orion completion fish | source",
    lineFunction(shapes, groups),
    experimentsFunction,
    "complete -c orion -f",
    ...groups.map((name) => complete({ when: at(":0"), words: name })),
    ...shapes.flatMap(linesOf),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf({ path, summary, options, positionals, takesScript }: CommandShape): string[] {
  const name = path.join(" ");
  // Behind the script everything belongs to it.
  const optionsAt = at(takesScript || name === "" ? `${name}:0` : `${name}:*`);
  return [
    ...(name === "" ? [] : [complete({ when: at(`${parent(path)}:0`), words: path.at(-1)!, description: summary })]),
    ...options.map((option) =>
      complete({ when: optionsAt, option, kind: option.value, description: option.description }),
    ),
    ...positionals.map((kind, count) => complete({ when: at(`${name}:${takesScript ? "*" : count}`), kind })),
  ];
}

const parent = (path: readonly string[]) => path.slice(0, -1).join(" ");

/** Condition in fish's own words. */
const at = (pattern: string) => `__orion_at "${pattern}"`;

interface Completion {
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

/** Reads the words before the one being typed. What follows an option with a value is no positional word. */
function lineFunction(shapes: readonly CommandShape[], groups: readonly string[]): string {
  const valued = shapes.map(({ path, options }) => {
    const names = options.filter(({ value }) => value !== undefined).flatMap(({ short, long }) => [short ?? [], long]);
    return `      case '${path.join(" ")}'\n        set valued ${names.flat().join(" ")}`;
  });
  return `function __orion_line
  set -l words (commandline -opc)
  set words $words[2..]
  set -l valued --logdir
  set -l command
  set -l count 0
  set -g __orion_place
  while set -q words[1]
    set -l word $words[1]
    set words $words[2..]
    switch $word
      case '--config=*' '--storage=*'
        set -a __orion_place $word
      case '-*'
        if contains -- $word $valued
          switch $word
            case -c --config
              set -a __orion_place --config=$words[1]
            case --storage
              set -a __orion_place --storage=$words[1]
          end
          set words $words[2..]
        end
      case '*'
        if contains -- "$command" '' ${groups.map((name) => `'${name}'`).join(" ")}
          set command (string trim -- "$command $word")
        else
          set count (math $count + 1)
        end
    end
    switch "$command"
${valued.join("\n")}
    end
  end
  echo "$command:$count"
end
function __orion_at
  string match -q -- $argv[1] (__orion_line)
end`;
}

const experiments = "(__orion_experiments | string split0)";

/**
 * In the database that the line names. fish takes what stands behind a tab for a description, so a name with a tab cannot
 * be offered.
 */
const experimentsFunction = `function __orion_experiments
  __orion_line >/dev/null
  set -l place (string replace -r '^(--\\w+=)~/' "\\$1$HOME/" -- $__orion_place)
  for name in (orion completion --experiments $place 2>/dev/null | string split0)
    string match -q "*"\\t"*" -- $name; or printf '%s\\0' $name
  end
end`;

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
