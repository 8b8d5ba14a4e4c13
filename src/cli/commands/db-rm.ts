import { existsSync } from "node:fs";
import { shellWord } from "../../shell-word.js";
import type { ExperimentRecord, Storage } from "../../storage/storage.js";
import type { TrialStatus } from "../../trial/trial.js";
import { trialRoot } from "../../worker/trial-directory/trial-root.js";
import { confirmByName } from "../ask.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions, wholeNumber } from "../common-options.js";
import { readingOption } from "../exit-codes.js";
import { membersOf } from "../families.js";
import { findFamily } from "../find-family.js";
import { openSession, type Session } from "../session.js";
import { showFamily } from "../text/family-tree.js";
import { quantity } from "../text/quantity.js";
import { readStatuses } from "../trial-query.js";
import { warnOfWorkers } from "../warn-of-workers.js";

interface RemoveOptions extends Pick<CommonOptions, "config" | "storage" | "version"> {
  readonly status?: string;
  readonly force?: boolean;
}

/** `orion db rm`: remove an experiment and all that descend from it, or some of their trials. */
export default defineCommand<RemoveOptions>({
  configure(command) {
    addStorageOptions(command.argument("<name>", "name of the experiment"))
      .option("-v, --version <number>", "version of the experiment (default: the newest)", wholeNumber("--version", 1))
      .option("-s, --status <status>", "remove only trials of this status ('*': of any)")
      .option("-f, --force", "do not ask")
      .addHelpText(
        "after",
        "\nExamples:\n  orion db rm mnist -v 1               # with all that descends from version 1\n" +
          "  orion db rm mnist --status broken    # to go on after a mistake",
      );
  },

  async run({ terminal, options, words: [name = ""] }) {
    const { status } = options;
    const statuses = status === undefined ? undefined : await readingOption(true, () => readStatuses(status));
    await using session = await openSession(terminal, { ...options, mayBeAbsent: true });
    const { storage } = session;
    const family = await findFamily(storage, { name, version: options.version });
    const records = membersOf(family);

    terminal.out(showFamily(family));
    await warnOfWorkers(terminal, { storage, records, statuses });
    const message =
      statuses === undefined
        ? "\nAll of these experiments will be deleted, with all their trials."
        : `\nAll trials with status ${statuses.join(", ")} of these experiments will be deleted.`;
    if (!(await confirmByName(terminal, { message, name, isForced: options.force === true }))) return 1;

    if (statuses === undefined) {
      const { experiments, trials } = await storage.removeExperiments(records.map(({ id }) => id));
      terminal.out(`${quantity(trials, "trial")} deleted\n${quantity(experiments, "experiment")} deleted\n`);
      terminal.out(tellOfFolders(trialFolders(session, records), "remove it when no copy of them goes on elsewhere"));
    } else {
      const trials = await removeTrials(storage, { records, statuses });
      terminal.out(`${quantity(trials, "trial")} deleted\n`);
      const folders = trials === 0 ? [] : trialFolders(session, records);
      terminal.out(tellOfFolders(folders, "each has a directory named by its id"));
    }
    return 0;
  },
});

/**
 * Where the trials of experiments that go have run, if there is anything left of them, but for what the user chose. It
 * stays: a copy of the database, or one that a dump of it was loaded into, resumes its trials in the same directories.
 */
function trialFolders({ directories: { cache } }: Session, records: readonly ExperimentRecord[]): string[] {
  const folders = records.map((record) => trialRoot({ cacheDirectory: cache, record }).temporaryFolder);
  return [...new Set(folders)].filter((path) => existsSync(path));
}

function tellOfFolders(folders: readonly string[], advice: string): string {
  if (folders.length === 0) return "";
  const places = folders.map((path) => `  ${shellWord(path)}\n`).join("");
  return `What their trials left is still there; ${advice}:\n${places}`;
}

interface Removal {
  readonly records: readonly ExperimentRecord[];
  readonly statuses: readonly TrialStatus[];
}

async function removeTrials(storage: Storage, { records, statuses }: Removal): Promise<number> {
  let count = 0;
  for (const { id } of records) count += await storage.removeTrials(id, { statuses });
  return count;
}
