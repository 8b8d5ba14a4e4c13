import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions } from "../common-options.js";
import { bashCompletion } from "../completion/bash.js";
import { type CommandShape, readCommandShapes } from "../completion/command-shapes.js";
import { fishCompletion } from "../completion/fish.js";
import { zshCompletion } from "../completion/zsh.js";
import { openSession } from "../session.js";
import type { Terminal } from "../terminal.js";

interface CompletionOptions extends Pick<CommonOptions, "config" | "storage"> {
  readonly experiments?: boolean;
}

const shells: Readonly<Record<string, (shapes: readonly CommandShape[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `orion completion`: a script with which a shell completes commands, options and names of experiments. */
export default defineCommand<CompletionOptions>({
  configure(command) {
    command
      .addArgument(command.createArgument("[shell]", "your shell").choices(Object.keys(shells)))
      // Asked by the scripts themselves.
      .addOption(command.createOption("--experiments", "names of experiments, each ended by NUL").hideHelp())
      .addHelpText(
        "after",
        "\nExamples:\n  source <(orion completion bash)     # in ~/.bashrc\n" +
          "  source <(orion completion zsh)      # in ~/.zshrc\n" +
          "  orion completion fish | source      # in ~/.config/fish/config.fish",
      );
    addStorageOptions(command);
  },

  async run({ terminal, options, words: [shell], help }) {
    if (options.experiments) await listNames(terminal, options);
    else terminal.out(shell === undefined ? help() : shells[shell]!(await readCommandShapes()));
    return 0;
  },
});

async function listNames(terminal: Terminal, options: CompletionOptions): Promise<void> {
  await using session = await openSession(terminal, { ...options, isReader: true });
  const names = new Set((await session.storage.listExperiments()).map(({ name }) => name));
  // Anything else may be in a name; one with NUL, which a program may have made, cannot be typed.
  for (const name of names) if (!name.includes("\0")) terminal.out(`${name}\0`);
}
