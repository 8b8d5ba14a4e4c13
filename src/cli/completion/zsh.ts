import { bashCompletion } from "./bash.js";
import type { CommandShape } from "./command-shapes.js";

/** zsh reads the script of bash by its own emulation of bash's completions. */
export function zshCompletion(shapes: readonly CommandShape[]): string {
  const [, ...script] = bashCompletion(shapes).split("\n");
  return [
    "# Completions of orion. In ~/.zshrc:  source <(orion completion zsh)",
    "autoload -Uz compinit bashcompinit",
    "(( $+functions[compdef] )) || compinit",
    "bashcompinit",
    ...script,
  ].join("\n");
}
