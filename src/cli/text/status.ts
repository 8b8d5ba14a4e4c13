import type { Trial, TrialStatus } from "../../trial/trial.js";
import { indent, showBlock } from "./block.js";
import { showRounded } from "./numbers.js";
import type { Paint } from "./paint.js";
import { type Row, showTable } from "./table.js";
import { remarkOn } from "./trial.js";

/** One experiment of `orion status`, or several that are shown as one. */
export interface StatusEntry {
  readonly title: string;
  /** How far below the first experiment of its family that is shown. */
  readonly depth: number;
  readonly direction: "minimize" | "maximize";
  readonly counts: Readonly<Record<TrialStatus, number>>;
  readonly best: Trial | undefined;
  /** Present when every trial is to be shown. */
  readonly trials?: readonly Trial[];
}

/** Its table under its title: a row per status, or per trial. */
export function showStatus(entry: StatusEntry, paint: Paint): string {
  const table = entry.trials === undefined ? countTable(entry, paint) : trialTable(entry.trials, paint);
  return indent(`${showBlock(entry.title, [], paint)}${table}`, 2 * entry.depth);
}

function countTable({ counts, best, direction }: StatusEntry, paint: Paint): string {
  const statuses = (Object.keys(counts) as TrialStatus[]).filter((status) => counts[status] > 0).sort();
  if (statuses.length === 0) return "empty\n";
  const objective = best && { name: objectiveName([best])!, value: showRounded(best.objective!) };
  const shortest = direction === "maximize" ? "max" : "min";
  return showTable(
    [
      { title: "status", align: "left" },
      { title: "quantity", align: "right" },
      ...(objective === undefined ? [] : [{ title: `${shortest} ${objective.name}`, align: "right" as const }]),
    ],
    statuses.map((status) => ({
      cells: [status, String(counts[status]), (status === "completed" && objective?.value) || ""],
      paint: paintOf(status, paint),
    })),
  );
}

function trialTable(trials: readonly Trial[], paint: Paint): string {
  const name = objectiveName(trials);
  const rows = trials.toSorted(byStatusAndTime).map((trial): Row => {
    const objective = trial.objective === undefined ? "" : showRounded(trial.objective);
    const cells = [trial.id, trial.status, ...(name === undefined ? [] : [objective]), remarkOn(trial)];
    return { cells, paint: paintOf(trial.status, paint) };
  });
  const hasRemarks = rows.some(({ cells }) => cells.at(-1) !== "");
  return showTable(
    [
      { title: "id", align: "left" },
      { title: "status", align: "left" },
      ...(name === undefined ? [] : [{ title: name, align: "right" as const }]),
      ...(hasRemarks ? [{ title: "remark", align: "left" as const }] : []),
    ],
    rows.length === 0 ? [{ cells: ["empty"] }] : rows,
  );
}

function byStatusAndTime(a: Trial, b: Trial): number {
  if (a.status !== b.status) return a.status < b.status ? -1 : 1;
  return a.submitTime - b.submitTime || a.number - b.number;
}

function objectiveName(trials: readonly Trial[]): string | undefined {
  for (const { results } of trials) {
    const objective = results.find(({ type }) => type === "objective");
    if (objective !== undefined) return objective.name;
  }
  return undefined;
}

function paintOf(status: TrialStatus, { bad, good }: Paint): (text: string) => string {
  return status === "broken" ? bad : status === "completed" ? good : String;
}
