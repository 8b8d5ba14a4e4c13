import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Report } from "../trial/trial.js";
import { parseNumber } from "./read-results.js";

/** Reads the lines that a program appends to its file of reports. */
export interface ReportReader {
  /** What is new since the last call. @param isOver - The program has ended: a last line may lack its end. */
  read(isOver: boolean): ReportsFound;
}

export interface ReportsFound {
  readonly reports: readonly Report[];
  /** The first line that is no report, if there is one among the new lines. */
  readonly invalid: string | undefined;
}

const nothing: ReportsFound = { reports: [], invalid: undefined };

/**
 * A line is a report when it is `step value`, with a blank, a comma or a tab between, or JSON: `[step, value]` or
 * `{"step": 3, "value": 0.5}`. The file need not exist yet.
 */
export function createReportReader(path: string): ReportReader {
  let offset = 0;
  let rest = "";
  return {
    read: (isOver) => {
      const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
      if (size < offset) offset = 0; // the program began its file anew
      if (size === offset && !(isOver && rest !== "")) return nothing;
      const lines = (rest + readRange(path, offset, size)).split("\n");
      offset = size;
      rest = isOver ? "" : lines.pop()!;
      const parsed = lines.filter((line) => line.trim() !== "").map((line) => ({ line, report: parseReport(line) }));
      return {
        reports: parsed.flatMap(({ report }) => report ?? []),
        invalid: parsed.find(({ report }) => report === undefined)?.line,
      };
    },
  };
}

function readRange(path: string, start: number, end: number): string {
  const bytes = Buffer.alloc(end - start);
  const file = openSync(path, "r");
  try {
    return bytes.toString("latin1", 0, readSync(file, bytes, 0, bytes.length, start)); // a report is ASCII
  } finally {
    closeSync(file);
  }
}

/** `undefined` for a line that is no report. */
export function parseReport(line: string): Report | undefined {
  const text = line.trim();
  const inner = /^(?:\[(.*)\]|\{(.*)\})$/.exec(text);
  if (inner?.[2] !== undefined) return fromFields(inner[2]);
  const [step, value, ...more] = (inner?.[1] ?? text).split(/[\s,;]+/);
  return more.length > 0 ? undefined : toReport(step, value);
}

/** JSON that knows NaN and infinities, as programs write it. */
function fromFields(text: string): Report | undefined {
  const field = (name: string) => new RegExp(`"${name}"\\s*:\\s*"?([^",\\s]+)"?`).exec(text)?.[1];
  return toReport(field("step"), field("value"));
}

function toReport(stepText: string | undefined, valueText: string | undefined): Report | undefined {
  const step = stepText === undefined ? undefined : parseNumber(stepText);
  const value = valueText === undefined ? undefined : parseNumber(valueText);
  return step === undefined || !Number.isFinite(step) || value === undefined ? undefined : { step, value };
}
