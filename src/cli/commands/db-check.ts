import { type Checked, checkExperiment } from "../../check/check-experiment.js";
import type { Finding } from "../../check/rule.js";
import { readStoredHistory } from "../../check/stored-history.js";
import type { ExperimentRecord } from "../../storage/storage.js";
import { defineCommand } from "../command.js";
import { addSelectionOptions, type CommonOptions } from "../common-options.js";
import { titleOf } from "../families.js";
import { readSelection, reportNothing } from "../select-experiments.js";
import { openSession, requireExperiment, type Session } from "../session.js";
import type { Terminal } from "../terminal.js";
import { paintFor } from "../text/paint.js";
import { oneLine } from "../text/printable.js";
import { quantity } from "../text/quantity.js";

interface CheckOptions extends CommonOptions {
  readonly quick?: boolean;
}

/** `orion db check`: hold what is stored against what must be true of it, whatever happened. */
export default defineCommand<CheckOptions>({
  configure(command) {
    addSelectionOptions(command)
      .option("--quick", "do not recompute suggestions")
      .addHelpText(
        "after",
        "\nNothing is changed, and workers may go on meanwhile. Exit code 1 when something is found.\n" +
          "\nExamples:\n  orion db check\n  orion db check -n mnist --json",
      );
  },

  async run({ terminal, options }) {
    await using session = await openSession(terminal, { ...options, isReader: true });
    const records = await select(terminal, { session, options });
    const reports: Report[] = [];
    for (const record of records) {
      const history = await readStoredHistory(session.storage, record.id);
      const checked = await checkExperiment(history, { recompute: options.quick !== true });
      const report = { record, checked, trials: history.trials.filter(({ id }) => id !== undefined).length };
      reports.push(report);
      if (!options.json) terminal.out(showReport(terminal, report));
    }
    if (options.json) terminal.out(`${JSON.stringify({ experiments: reports.map(dataOf) })}\n`);
    else if (records.length === 0) reportNothing(terminal, session, options);
    return reports.some(({ checked }) => checked.findings.length > 0) ? 1 : 0;
  },
});

interface Report {
  readonly record: ExperimentRecord;
  readonly checked: Checked;
  readonly trials: number;
}

async function select(
  terminal: Terminal,
  { session, options }: { readonly session: Session; readonly options: CheckOptions },
): Promise<readonly ExperimentRecord[]> {
  const { records, name, version } = await readSelection(session, options);
  if (name !== undefined) return [await requireExperiment(terminal, session, options)];
  return version === undefined ? records : records.filter((record) => record.version === version);
}

function dataOf({ record, checked, trials }: Report) {
  const { findings, suggestions } = checked;
  return { name: record.name, version: record.version, trials, findings, suggestions: suggestions ?? null };
}

function showReport(terminal: Terminal, { record, checked, trials }: Report): string {
  const paint = paintFor(terminal);
  const { findings } = checked;
  const verdict = findings.length === 0 ? paint.good("nothing found") : paint.bad(quantity(findings.length, "finding"));
  const lines = [
    `${titleOf(record)}: ${quantity(trials, "trial")}, ${verdict}`,
    ...showSuggestions(checked),
    ...findings.map(showFinding),
  ];
  return `${lines.join("\n  ")}\n`;
}

function showSuggestions({ suggestions }: Checked): string[] {
  if (suggestions === undefined) return [];
  const { agreeing, unknown } = suggestions;
  const reasons = Object.entries(unknown).map(
    ([reason, count]) => `${quantity(count, "suggestion")} cannot be recomputed: ${reason}`,
  );
  return [...(agreeing > 0 ? [`${quantity(agreeing, "suggestion")} recomputed, the same`] : []), ...reasons];
}

function showFinding({ rule, trial, message }: Finding): string {
  return `${trial === undefined ? "it" : `trial ${trial}`} ${oneLine(message)} (${rule})`;
}
