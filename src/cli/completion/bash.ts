import type { CommandShape, OptionShape, ValueKind } from "./command-shapes.js";

/**
 * A script for bash, which zsh can read too with `bashcompinit`.
 *
 * It offers commands and options by their names, and experiments by asking `orion`. Where nothing is offered the shell
 * completes paths as usual, so a script is found.
 */
export function bashCompletion(shapes: readonly CommandShape[]): string {
  const groups = new Set(shapes.filter(({ path }) => path.length > 1).map(({ path }) => path[0]!));
  const isGroup = [...groups].map((name) => `"${name}"`).join(" | ");
  return `# Completions of orion. In ~/.bashrc:  source <(orion completion bash)
_orion() {
  local cur prev at word command options valued positional isscript count
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev=""
  if [ "$COMP_CWORD" -gt 1 ]; then prev="\${COMP_WORDS[COMP_CWORD - 1]}"; fi
  # --name=x comes as three words
  if [ "$cur" = "=" ]; then
    cur=""
  elif [ "$prev" = "=" ] && [ "$COMP_CWORD" -gt 2 ]; then
    prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  command=""
  at=1
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[at]}"
    at=$((at + 1))
    case "$word" in
      --logdir) at=$((at + 1)) ;;
      -*) ;;
      *)
        command="\${command:+$command }$word"
        case "$command" in ${isGroup}) ;; *) break ;; esac
        ;;
    esac
  done
  options=""
  valued=""
  positional=""
  isscript=""
  case "$command" in
${allPaths(shapes)
  .map((path) => caseOf(path, shapes))
  .join("\n")}
    *) return ;;
  esac
  # how many positional words stand before this one
  count=0
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[at]}"
    at=$((at + 1))
    case "$word" in
      -*)
        case " $valued " in *" $word "*)
          if [ "\${COMP_WORDS[at]}" = "=" ]; then at=$((at + 1)); fi
          at=$((at + 1))
          ;;
        esac
        ;;
      *) count=$((count + 1)) ;;
    esac
  done
  if [ -n "$isscript" ] && [ "$count" -gt 0 ]; then return; fi
  case "$command:$prev" in
${shapes.flatMap(valueCases).join("\n")}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
    *) if [ "$count" -eq 0 ]; then _orion_offer "$positional" "$cur"; fi ;;
  esac
}
_orion_offer() {
  case "$1" in
    "<experiment>") COMPREPLY=($(compgen -W "$(orion completion --experiments 2>/dev/null)" -- "$2")) ;;
    "<file>" | "<text>" | "") COMPREPLY=() ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
  esac
}
complete -o default -F _orion orion
`;
}

/** All commands and groups, `""` for none. */
function allPaths(shapes: readonly CommandShape[]): string[] {
  return [...new Set(shapes.flatMap(({ path }) => [path.slice(0, 1).join(" "), path.join(" ")]))];
}

function caseOf(path: string, shapes: readonly CommandShape[]): string {
  const shape = shapes.find((one) => one.path.join(" ") === path);
  const depth = path === "" ? 0 : path.split(" ").length;
  const below = shapes.filter((one) => one.path.length > depth && one.path.slice(0, depth).join(" ") === path);
  const children = [...new Set(below.map((one) => one.path[depth]!))];
  const options = shape?.options ?? [];
  const names = options.flatMap(namesOf);
  const valued = options.filter(({ value }) => value !== undefined).flatMap(namesOf);
  const positional = children.length > 0 ? children.join(" ") : offer(shape?.argument);
  return [
    `    "${path}")`,
    `      options="${(names.length === 0 ? ["--help"] : names).join(" ")}"`,
    `      valued="${valued.join(" ")}"`,
    `      positional="${positional}"`,
    ...(shape?.takesScript ? ["      isscript=yes"] : []),
    "      ;;",
  ].join("\n");
}

function valueCases({ path, options }: CommandShape): string[] {
  return options
    .filter(({ value }) => value !== undefined)
    .map((option) => {
      const patterns = namesOf(option).map((name) => `"${path.join(" ")}:${name}"`);
      return `    ${patterns.join(" | ")}) _orion_offer "${offer(option.value)}" "$cur"; return ;;`;
    });
}

function namesOf({ long, short }: OptionShape): string[] {
  return short === undefined ? [long] : [short, long];
}

function offer(kind: ValueKind | undefined): string {
  if (kind === undefined) return "";
  return typeof kind === "string" ? `<${kind}>` : kind.join(" ");
}
