import type { ParamValue } from "../../space/dimension.js";
import { bareName } from "../../space/parse-space.js";
import { pythonStr } from "../../space/python-text.js";
import type { Trial, TrialStatus } from "../../trial/trial.js";
import { indent, showBlock } from "./block.js";
import { showRounded } from "./numbers.js";
import type { Paint } from "./paint.js";
import { type Column, columnWidth, type Row, showTable } from "./table.js";
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

interface StatusView {
  readonly paint: Paint;
  /** Columns that there are; infinite where nobody looks. */
  readonly width: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Its table under its title: a row per status, or per trial. */
export function showStatus(entry: StatusEntry, { paint, width, now }: StatusView): string {
  const view = { paint, width: width - 2 * entry.depth, now };
  const table = entry.trials === undefined ? countTable(entry, paint) : trialTable(entry, view);
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

/** Trials by number, with their parameters and a remark as far as the width allows. */
function trialTable({ trials = [], direction }: StatusEntry, { paint, width, now }: StatusView): string {
  const name = objectiveName(trials);
  const title = `${direction === "maximize" ? "max" : "min"} ${name}`;
  const sorted = trials.toSorted((a, b) => a.number - b.number);
  const field = (column: Column, cell: (trial: Trial) => string): Field => ({ column, cells: sorted.map(cell) });
  const id = (digits?: number) => field({ title: "id", align: "left" }, (trial) => trial.id.slice(0, digits));
  const before = [field({ title: "trial", align: "right" }, ({ number }) => String(number))];
  const after = [
    field({ title: "status", align: "left" }, ({ status }) => status),
    ...(name === undefined ? [] : [field({ title, align: "right" }, showObjective)]),
  ];
  const remark = field({ title: "remark", align: "left" }, (trial) => remarkOn(trial, now));
  const remarks = remark.cells.every((cell) => cell === "") ? [] : [remark];
  const paramNames = [...new Set(sorted.flatMap(({ params }) => Object.keys(params)))].sort();
  const params = paramNames.map((name) =>
    field({ title: bareName(name), align: "right" }, (trial) => showParam(trial.params[name])),
  );

  const full = [...before, id(), ...after];
  const fields = widthOf([...full, ...params, ...remarks]) <= width ? full : [...before, id(shortId), ...after];
  for (const one of params) if (widthOf([...fields, one]) <= width) fields.push(one);
  if (remarks.length > 0) fields.push(...cutTo(remark, width - widthOf(fields) - gap));
  return showTable(
    fields.map(({ column }) => column),
    sorted.length === 0
      ? [{ cells: ["", "empty"] }]
      : sorted.map(({ status }, row): Row => {
          return { cells: fields.map(({ cells }) => cells[row]!), paint: paintOf(status, paint) };
        }),
  );
}

/** A column with what stands in it. */
interface Field {
  readonly column: Column;
  readonly cells: readonly string[];
}

/** Digits of an id on a narrow terminal; `orion info --trial` takes them. */
const shortId = 8;

/** Columns between two fields. */
const gap = 2;

/** A remark is not worth less than this many columns. */
const leastRemark = 12;

/** Columns that a table of these takes. */
function widthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { column, cells }) => sum + columnWidth(column, cells), gap * (fields.length - 1));
}

function cutTo({ column, cells }: Field, width: number): Field[] {
  if (width < leastRemark) return [];
  return [{ column, cells: cells.map((cell) => (cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`)) }];
}

function showObjective({ objective }: Trial): string {
  return objective === undefined ? "" : showRounded(objective);
}

function showParam(value: ParamValue | undefined): string {
  if (value === undefined) return "";
  return typeof value === "number" ? showRounded(value) : pythonStr(value);
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
