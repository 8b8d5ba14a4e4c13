import type { Storage } from "../../storage/storage.js";
import { type Trial, type TrialStatus, trialStatuses } from "../../trial/trial.js";
import { defineCommand } from "../command.js";
import { addSelectionOptions } from "../common-options.js";
import { titleOf } from "../families.js";
import { reportNothing, reportUnknown } from "../select-experiments.js";
import { type Selected, type StatusOptions, selectStatus } from "../select-status.js";
import { openSession } from "../session.js";
import { joinBlocks } from "../text/block.js";
import { paintFor } from "../text/paint.js";
import { type StatusEntry, showStatus } from "../text/status.js";

/** `orion status`: how many trials of each status the experiments have, or every trial. */
export default defineCommand<StatusOptions>({
  configure(command) {
    addSelectionOptions(command)
      .option("-a, --all", "a line per trial instead of counts")
      .option("-C, --collapse", "one table per family, with the trials of all in it")
      .option("-e, --expand-versions", "every version instead of the newest one of each name")
      .addHelpText(
        "after",
        "\nExamples:\n  orion status\n  orion status -n mnist --all     # every trial, and why broken ones are broken\n" +
          "  orion status -n mnist -v 1 --json",
      );
  },

  async run({ terminal, options }) {
    await using session = await openSession(terminal, { ...options, isReader: true });
    const selected = await selectStatus(terminal, { session, options });
    const entries = [];
    for (const one of selected) entries.push(await readEntry(session.storage, one, options.all === true));
    if (options.json) {
      terminal.out(`${JSON.stringify(entries.map(entryJson))}\n`);
      if (entries.length === 0) reportUnknown(terminal, session, options);
    } else if (entries.length === 0) {
      reportNothing(terminal, session, options);
    } else {
      const paint = paintFor(terminal);
      const width = terminal.isInteractive ? terminal.width() : Number.POSITIVE_INFINITY;
      const now = Date.now();
      terminal.out(joinBlocks(entries.map((entry) => showStatus(entry, { paint, width, now }))));
    }
    return 0;
  },
});

interface NamedEntry extends StatusEntry {
  readonly name: string;
  readonly version: number;
}

async function readEntry(storage: Storage, { record, members, depth }: Selected, isAll: boolean): Promise<NamedEntry> {
  const { direction } = record.definition;
  const counts = Object.fromEntries(trialStatuses.map((status) => [status, 0])) as Record<TrialStatus, number>;
  const trials: Trial[] = [];
  let best: Trial | undefined;
  for (const member of members) {
    const summary = await storage.summarize(member.id);
    for (const status of trialStatuses) counts[status] += summary.counts[status];
    best = better(best, summary.best, direction);
    // One by one: a call takes no more arguments than some ten thousand.
    for (const trial of isAll ? await storage.listTrials(member.id) : []) trials.push(trial);
  }
  const { name, version } = record;
  return { name, version, title: titleOf(record), depth, direction, counts, best, ...(isAll ? { trials } : {}) };
}

function better(a: Trial | undefined, b: Trial | undefined, direction: "minimize" | "maximize"): Trial | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const isLess = b.objective! < a.objective!;
  const isMore = b.objective! > a.objective!;
  return (direction === "maximize" ? isMore : isLess) ? b : a;
}

function entryJson({ name, version, counts, best, trials }: NamedEntry) {
  return {
    name,
    version,
    trials: counts,
    best: best === undefined ? null : { id: best.id, objective: best.objective, params: best.params },
    ...(trials === undefined ? {} : { trialList: trials.map(trialJson) }),
  };
}

function trialJson({ number, id, status, objective, params, owner, startTime, endTime, failure, stoppedAt }: Trial) {
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    number,
    id,
    status,
    objective: objective ?? null,
    params,
    ...(owner === undefined ? {} : { owner }),
    startTime: iso(startTime),
    endTime: iso(endTime),
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    ...(failure === undefined ? {} : { failure }),
  };
}
