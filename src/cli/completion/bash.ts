import type { CommandShape } from "./command-shapes.js";
import { shellOffers } from "./shell-offers.js";

/**
 * A script for bash. Where nothing is offered bash completes paths as usual, so a script is found.
 *
 * The line is read anew, since bash breaks it at `=` and `:` too and keeps the quotes. What is offered is data: a name is
 * never expanded, and is quoted character by character, so that what several names begin with is well quoted as well.
 */
export function bashCompletion(shapes: readonly CommandShape[]): string {
  return `# Completions of orion. In ~/.bashrc:  source <(orion completion bash)
${shellOffers(shapes)}${adapter}`;
}

const adapter = `# Read a text as the shell does, $2 being the quote that is open before it: words, the last one in word, and the
# quote that is open behind it.
_orion_read() {
  local text="$1" at=0 char next started="$2" coded=""
  quote="$2"
  word=""
  words=()
  while [ "$at" -lt "\${#text}" ]; do
    char="\${text:at:1}"
    at=$((at + 1))
    next="\${text:at:1}"
    case "$quote$char" in
      "''" | '""') quote="" ;;
      "\\$'")
        printf -v coded %b "$coded"
        word="$word$coded"
        coded=""
        quote=""
        ;;
      '$\\')
        coded="$coded$char$next"
        at=$((at + 1))
        ;;
      '$'?*) coded="$coded$char" ;;
      "'"?*) word="$word$char" ;;
      '"\\')
        case "$next" in
          '"' | '$' | '\\' | '\`') word="$word$next" ;;
          *) word="$word\\\\$next" ;;
        esac
        at=$((at + 1))
        ;;
      '"'?*) word="$word$char" ;;
      '\\')
        word="$word$next"
        at=$((at + 1))
        started=yes
        ;;
      '"' | "'")
        quote="$char"
        started=yes
        ;;
      [[:space:]])
        if [ -n "$started" ]; then words+=("$word"); fi
        word=""
        started=""
        ;;
      '$')
        if [ "$next" = "'" ]; then
          quote='$'
          at=$((at + 1))
        else
          word="$word$char"
        fi
        started=yes
        ;;
      *)
        word="$word$char"
        started=yes
        ;;
    esac
  done
}

# How a text is typed while the quote $2 is open, in quoted.
_orion_quote() {
  local text="$1" at=0 char
  quoted=""
  while [ "$at" -lt "\${#text}" ]; do
    char="\${text:at:1}"
    at=$((at + 1))
    case "$2$char" in
      *[[:cntrl:]])
        printf -v char %q "$char"
        quoted="$quoted$2$char$2"
        ;;
      "''") quoted="$quoted'\\\\''" ;;
      "'"?*) quoted="$quoted$char" ;;
      '"!') quoted="$quoted\\"\\\\!\\"" ;;
      '""' | '"$' | '"\\' | '"\`') quoted="$quoted\\\\$char" ;;
      '"'?*) quoted="$quoted$char" ;;
      [[:alnum:]_./:=@%+,-]) quoted="$quoted$char" ;;
      *) quoted="$quoted\\\\$char" ;;
    esac
  done
}

# Bash puts it in place of what it takes for the word being typed, which may be the end of it only.
_orion_add() {
  local glue="$1" offered quoted
  shift
  for offered in "$@"; do
    offered="$glue$offered"
    case "$offered" in
      "$typed"*)
        _orion_quote "\${offered:kept}" "$quote"
        COMPREPLY+=("$quoted")
        ;;
    esac
  done
}

_orion() {
  local words word quote typed kept
  COMPREPLY=()
  _orion_read "\${COMP_LINE:0:COMP_POINT}" ""
  if [ "$quote" = '$' ]; then return; fi
  typed="$word"
  local before=("\${words[@]}") open="$quote"
  _orion_read "$2" "$open"
  kept=$((\${#typed} - \${#word}))
  quote="$open"
  _orion_offers "\${before[@]}" "$typed"
}
complete -o default -F _orion orion
`;
