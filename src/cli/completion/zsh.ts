import type { CommandShape } from "./command-shapes.js";
import { shellOffers } from "./shell-offers.js";

/** A script for zsh, which quotes what it inserts by itself. Where nothing is offered it completes paths as usual. */
export function zshCompletion(shapes: readonly CommandShape[]): string {
  return `# Completions of orion. In ~/.zshrc:  source <(orion completion zsh)
autoload -Uz compinit
(( $+functions[compdef] )) || compinit
${shellOffers(shapes)}_orion_add() {
  local glue="$1" offered
  shift
  for offered in "$@"; do
    compadd -- "$glue$offered" && found=yes
  done
}

_orion() {
  local found=""
  _orion_offers "\${(@Q)words[1,CURRENT-1]}" "\${(Q)IPREFIX}\${(Q)PREFIX}"
  [[ -n "$found" ]] || _default
}
compdef _orion orion
`;
}
