import { UsageError } from "../../errors.js";
import type { ExperimentRecord, Storage, TrialFilter } from "../../storage/storage.js";
import type { TrialStatus } from "../../trial/trial.js";
import { confirmByName } from "../ask.js";
import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions, wholeNumber } from "../common-options.js";
import { type Family, membersOf } from "../families.js";
import { findFamily } from "../find-family.js";
import { findTrial } from "../find-trial.js";
import { openSession } from "../session.js";
import { showFamily } from "../text/family-tree.js";
import { quantity } from "../text/quantity.js";
import { readQuery, readUpdate, type TrialQuery } from "../trial-query.js";
import { warnOfWorkers } from "../warn-of-workers.js";

interface SetOptions extends Pick<CommonOptions, "config" | "storage" | "version"> {
  readonly force?: boolean;
}

/** `orion db set`: give trials another status by hand. */
export default defineCommand<SetOptions>({
  configure(command) {
    addStorageOptions(
      command
        .argument("<name>", "name of the experiment")
        .argument("<query>", "which trials: '*', status=STATUS or id=ID")
        .argument("<update>", "what they become: status=STATUS"),
    )
      .option("-v, --version <number>", "version of the experiment (default: the newest)", wholeNumber("--version", 1))
      .option("-f, --force", "do not ask")
      .addHelpText(
        "after",
        "\nA query by status includes the experiments that descend from this one; a query by id does not.\n" +
          "\nExamples:\n  orion db set mnist status=broken status=interrupted    # try them again\n" +
          "  orion db set mnist id=3cc91e851e13281ca2152c19d888e937 status=new",
      );
  },

  async run({ terminal, options, words: [name = "", query = "", update = ""] }) {
    const asked = readQuery(query);
    const status = readUpdate(update);
    await using session = await openSession(terminal, { ...options, mayBeAbsent: true });
    const { storage } = session;
    const family = await findFamily(storage, { name, version: options.version });
    const changes = await planChanges(storage, { family, query: asked });
    if (status === "completed") await requireResults(storage, changes);

    terminal.out(showFamily(family));
    for (const { record, statuses } of changes) await warnOfWorkers(terminal, { storage, records: [record], statuses });
    const message = `\nTrials of these experiments that match ${query} will get the status ${status}.`;
    if (!(await confirmByName(terminal, { message, name, isForced: options.force === true }))) return 1;

    let count = 0;
    for (const { record, filter } of changes) count += await storage.setStatus(record.id, filter, status);
    terminal.out(`${quantity(count, "trial")} modified\n`);
    return 0;
  },
});

interface Change {
  readonly record: ExperimentRecord;
  readonly filter: TrialFilter;
  /** Of the trials that the filter matches. */
  readonly statuses: readonly TrialStatus[];
}

async function planChanges(
  storage: Storage,
  { family, query }: { readonly family: Family; readonly query: TrialQuery },
): Promise<readonly Change[]> {
  if (query.kind === "statuses") {
    const { statuses } = query;
    return membersOf(family).map((record) => ({ record, filter: { statuses }, statuses }));
  }
  const { id, status } = await findTrial(storage, family.record, query.id);
  return [{ record: family.record, filter: { ids: [id] }, statuses: [status] }];
}

/** A completed trial counts, so it must have something that counts. */
async function requireResults(storage: Storage, changes: readonly Change[]): Promise<void> {
  for (const { record, filter } of changes) {
    const trials = await storage.listTrials(record.id, filter);
    const without = trials.filter(({ results }) => !results.some(({ type }) => type === "objective"));
    if (without.length === 0) continue;
    throw new UsageError(
      `${quantity(without.length, "trial")} would be completed without a result, e.g. ${without[0]!.id}.`,
      "Only trials that have an objective can be completed; let a hunt evaluate the others: status=interrupted.",
    );
  }
}
