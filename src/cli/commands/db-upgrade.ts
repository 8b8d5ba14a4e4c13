import { StorageError } from "../../errors.js";
import { askWhether, openAsker } from "../ask.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions } from "../common-options.js";
import { openSession } from "../session.js";
import type { Terminal } from "../terminal.js";

interface UpgradeOptions extends Pick<CommonOptions, "config" | "storage"> {
  readonly force?: boolean;
}

/** `orion db upgrade`: bring a database of an older version up to date. */
export default defineCommand<UpgradeOptions>({
  configure(command) {
    addStorageOptions(command)
      .option("-f, --force", "do not ask")
      .addHelpText("after", "\nExample:\n  orion db upgrade     # with no worker running, after making a copy");
  },

  async run({ terminal, options }) {
    const problem = await tryOpening(terminal, options);
    if (problem === undefined) return 0;
    terminal.out(`${problem.message}\nAn upgrade cannot be undone: stop all workers and make a copy first.\n`);
    if (!options.force && !(await isWanted(terminal))) {
      terminal.error("Nothing was changed.\n");
      return 1;
    }
    await using session = await openSession(terminal, { ...options, upgrade: true });
    terminal.out(`${session.storage.url} was upgraded and is up to date now.\n`);
    return 0;
  },
});

/** What keeps the database from being opened as it is; `undefined`, and a word on it, when nothing does. */
async function tryOpening(terminal: Terminal, options: UpgradeOptions): Promise<StorageError | undefined> {
  try {
    await using session = await openSession(terminal, { ...options, isReader: true });
    terminal.out(`There is nothing to do: ${session.storage.url} is up to date.\n`);
    return undefined;
  } catch (error) {
    if (error instanceof StorageError && !error.retryable) return error;
    throw error;
  }
}

async function isWanted(terminal: Terminal): Promise<boolean> {
  using asker = openAsker(terminal);
  return await askWhether(asker, "Do you wish to proceed?");
}
