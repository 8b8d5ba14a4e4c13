import type { ExperimentRecord, Storage } from "../storage/storage.js";
import type { TrialStatus } from "../trial/trial.js";
import { isGone } from "../worker/worker-id.js";
import type { Terminal } from "./terminal.js";
import { quantity } from "./text/quantity.js";
import { showWorker } from "./text/trial.js";

interface Affected {
  readonly storage: Storage;
  readonly records: readonly ExperimentRecord[];
  /** Statuses of the trials that are to be changed; `undefined` for whole experiments. */
  readonly statuses: readonly TrialStatus[] | undefined;
}

/** Say so when living workers hold trials that are about to be changed under them. */
export async function warnOfWorkers(terminal: Terminal, { storage, records, statuses }: Affected): Promise<void> {
  if (statuses !== undefined && !statuses.includes("reserved")) return;
  const owners = new Set<string>();
  for (const { id } of records) {
    for (const owner of await storage.listOwners(id)) if (!isGone(owner)) owners.add(owner);
  }
  if (owners.size === 0) return;
  const names = [...owners].slice(0, 3).map(showWorker).join(", ");
  terminal.error(
    `Warning: ${quantity(owners.size, "worker")} at work here (${names}${owners.size > 3 ? ", …" : ""}). ` +
      "Results of what they run now may not count.\n",
  );
}
