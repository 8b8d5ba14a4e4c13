import { type CommandShape, type OptionShape, type ValueKind, wordsOf } from "./command-shapes.js";

/**
 * What bash and zsh have in common: the function `_orion_offers`. It gets the words of a line, the last of them being
 * typed, and calls `_orion_add`, which each shell has its own of, with what may stand there: first what the word begins with
 * (`--name=`), then the words themselves, which are plain text.
 *
 * Nothing here may expand a name: they are what anybody called an experiment. The program ends each of them with NUL, and
 * reads them from the database that the line names.
 */
export function shellOffers(shapes: readonly CommandShape[]): string {
  const groups = new Set(shapes.filter(({ path }) => path.length > 1).map(({ path }) => path[0]!));
  const isGroup = [...groups].map((name) => `"${name}"`).join(" | ");
  return `_orion_offers() {
  local command="" word="" awaiting="" glue="" valued="" isscript="" config="" storage="" count=0
  shift
  while [ "$#" -gt 1 ]; do
    word="$1"
    shift
    case "$word" in
      --logdir) if [ "$#" -gt 1 ]; then shift; else awaiting="$word"; fi ;;
      -*) ;;
      *)
        command="\${command:+$command }$word"
        case "$command" in ${isGroup}) ;; *) break ;; esac
        ;;
    esac
  done
  case "$command" in
${allPaths(shapes)
  .map((path) => factsOf(path, shapes))
  .join("\n")}
    *) return ;;
  esac
  # how many positional words stand before this one, and which option waits for it
  while [ "$#" -gt 1 ]; do
    word="$1"
    shift
    case "$word" in
      --config=*) config="\${word#*=}" ;;
      --storage=*) storage="\${word#*=}" ;;
      -*)
        case " $valued " in
          *" $word "*)
            if [ "$#" -gt 1 ]; then
              case "$word" in
                -c | --config) config="$1" ;;
                --storage) storage="$1" ;;
              esac
              shift
            else
              awaiting="$word"
            fi
            ;;
        esac
        ;;
      *) count=$((count + 1)) ;;
    esac
  done
  if [ -n "$isscript" ] && [ "$count" -gt 0 ]; then return; fi
  case "$config" in "~/"*) config="$HOME/\${config#??}" ;; esac
  case "$1" in
    --*=*)
      awaiting="\${1%%=*}"
      glue="$awaiting="
      ;;
  esac
  case "$command:$awaiting" in
${shapes.flatMap(valueCases).join("\n")}
  esac
  case "$1" in
    -*)
      case "$command" in
${allPaths(shapes)
  .map((path) => optionCase(path, shapes))
  .join("\n")}
      esac
      return
      ;;
  esac
  case "$command:$count" in
${allPaths(shapes)
  .flatMap((path) => positionalCases(path, shapes))
  .join("\n")}
  esac
}

_orion_experiments() {
  local name
  while IFS= read -r -d '' name; do
    _orion_add "$1" "$name"
  done < <(orion completion --experiments \${config:+"--config=$config"} \${storage:+"--storage=$storage"} 2>/dev/null)
}

`;
}

/** All commands and groups, `""` for none. */
function allPaths(shapes: readonly CommandShape[]): string[] {
  return [...new Set(shapes.flatMap(({ path }) => [path.slice(0, 1).join(" "), path.join(" ")]))];
}

function shapeAt(path: string, shapes: readonly CommandShape[]): CommandShape | undefined {
  return shapes.find((one) => one.path.join(" ") === path);
}

function factsOf(path: string, shapes: readonly CommandShape[]): string {
  const shape = shapeAt(path, shapes);
  const valued = (shape?.options ?? []).filter(({ value }) => value !== undefined).flatMap(namesOf);
  const facts = [`valued="${valued.join(" ")}"`, ...(shape?.takesScript ? ["isscript=yes"] : [])];
  return `    "${path}") ${facts.join("; ")} ;;`;
}

function optionCase(path: string, shapes: readonly CommandShape[]): string {
  const names = (shapeAt(path, shapes)?.options ?? []).flatMap(namesOf);
  return `        "${path}") _orion_add "" ${(names.length === 0 ? ["--help"] : names).join(" ")} ;;`;
}

function positionalCases(path: string, shapes: readonly CommandShape[]): string[] {
  const depth = path === "" ? 0 : path.split(" ").length;
  const below = shapes.filter((one) => one.path.length > depth && one.path.slice(0, depth).join(" ") === path);
  const children = [...new Set(below.map((one) => one.path[depth]!))];
  const kinds = children.length > 0 ? [children] : (shapeAt(path, shapes)?.positionals ?? []);
  return kinds.map((kind, count) => `    "${path}:${count}") ${offer(kind)} ;;`);
}

function valueCases({ path, options }: CommandShape): string[] {
  return options
    .filter(({ value }) => value !== undefined)
    .map((option) => {
      const patterns = namesOf(option).map((name) => `"${path.join(" ")}:${name}"`);
      return `    ${patterns.join(" | ")}) ${offer(option.value)}; return ;;`;
    });
}

function namesOf({ long, short }: OptionShape): string[] {
  return short === undefined ? [long] : [short, long];
}

/** The command that offers it; nothing is offered where the shell completes paths. */
function offer(kind: ValueKind | undefined): string {
  if (kind === "experiment") return '_orion_experiments "$glue"';
  const words = wordsOf(kind);
  return words.length === 0 ? ":" : `_orion_add "$glue" ${words.join(" ")}`;
}
