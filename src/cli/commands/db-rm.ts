import { existsSync, rmSync } from "node:fs";
import type { ExperimentRecord, Storage } from "../../storage/storage.js";
import type { TrialStatus } from "../../trial/trial.js";
import { trialRoot } from "../../worker/trial-directory.js";
import { isGone } from "../../worker/worker-id.js";
import { confirmByName } from "../ask.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions, wholeNumber } from "../common-options.js";
import { readingOption } from "../exit-codes.js";
import { membersOf } from "../families.js";
import { findFamily } from "../find-family.js";
import { openSession, type Session } from "../session.js";
import { showFamily } from "../text/family-tree.js";
import { oneLine } from "../text/printable.js";
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
    await using session = await openSession(terminal, { ...options, isReader: true });
    const { storage } = session;
    const family = await findFamily(storage, { name, version: options.version });
    const records = membersOf(family);

    terminal.out(showFamily(family));
    await warnOfWorkers(terminal, { storage, records, statuses });
    const directories = statuses === undefined ? await findDirectories(session, records) : [];
    const message =
      statuses === undefined
        ? `\nAll of these experiments will be deleted, with all their trials.${directories.map(announce).join("")}`
        : `\nAll trials with status ${statuses.join(", ")} of these experiments will be deleted.`;
    if (!(await confirmByName(terminal, { message, name, isForced: options.force === true }))) return 1;

    if (statuses === undefined) {
      const { experiments, trials } = await storage.removeExperiments(records.map(({ id }) => id));
      terminal.out(`${quantity(trials, "trial")} deleted\n${quantity(experiments, "experiment")} deleted\n`);
      for (const one of directories) terminal.out(`${removeDirectory(one)}\n`);
    } else {
      terminal.out(`${quantity(await removeTrials(storage, { records, statuses }), "trial")} deleted\n`);
    }
    return 0;
  },
});

/** Where the trials of an experiment that goes ran. */
interface Directory {
  readonly path: string;
  /** Why it stays; it is removed when there is no reason. */
  readonly kept: string | undefined;
}

/** Those that exist. The one below the cache directory is the experiment's alone, by its mark. */
async function findDirectories(
  { storage, directories: { cache } }: Session,
  records: readonly ExperimentRecord[],
): Promise<Directory[]> {
  const found: Directory[] = [];
  for (const record of records) {
    const { folder, temporaryFolder } = trialRoot({ cacheDirectory: cache, record });
    const isInUse = (await storage.listOwners(record.id)).some((owner) => !isGone(owner));
    found.push({ path: temporaryFolder, kept: isInUse ? "a worker is at work there" : undefined });
    if (folder !== temporaryFolder) found.push({ path: folder, kept: "it was chosen with --working-dir" });
  }
  const isFirst = ({ path }: Directory, at: number) => found.findIndex((one) => one.path === path) === at;
  return found.filter((one, at) => existsSync(one.path) && isFirst(one, at));
}

function announce({ path, kept }: Directory): string {
  return kept === undefined ? `\nThe directory ${oneLine(path)} of their trials goes too.` : "";
}

/** @returns What has become of it. */
function removeDirectory({ path, kept }: Directory): string {
  if (kept !== undefined) return `Directory ${oneLine(path)} kept: ${kept}`;
  try {
    rmSync(path, { recursive: true, force: true });
    return `Directory ${oneLine(path)} deleted`;
  } catch (error) {
    return `Directory ${oneLine(path)} kept: ${(error as Error).message}`;
  }
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
