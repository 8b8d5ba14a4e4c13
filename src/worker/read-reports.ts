import type { Report } from "../trial/trial.js";
import { readPieces, sizeOf } from "./read-pieces.js";
import { parseNumber } from "./read-results.js";

/** Reads the lines that a program appends to its file of reports. */
export interface ReportReader {
  readonly path: string;
  /**
   * What is new since the last call.
   *
   * @param isOver - The program has ended: a last line may lack its end.
   * @throws what the file system says where there is a file that cannot be read; what is new then is for a later call.
   */
  read(isOver: boolean): ReportsFound;
}

export interface ReportsFound {
  readonly reports: readonly Report[];
  /** The first line that is no report, if there is one among the new lines. */
  readonly invalid: string | undefined;
}

/** Characters of a line that are kept until its end comes; no report is as long. */
const longestLine = 4096;

/**
 * A line is a report when it is `step value`, with a blank, a comma or a tab between, or JSON: `[step, value]` or
 * `{"step": 3, "value": 0.5}`. The file need not exist yet.
 */
export function createReportReader(path: string): ReportReader {
  /** Bytes read so far, and the line that they end in. */
  let offset = 0;
  let rest = "";
  return {
    path,
    read: (isOver) => {
      const size = sizeOf(path);
      if (size < offset) [offset, rest] = [0, ""]; // the program began its file anew
      const reports: Report[] = [];
      let invalid: string | undefined;
      const take = (line: string) => {
        const report = parseReport(line);
        if (report !== undefined) reports.push(report);
        else if (line.trim() !== "") invalid ??= line;
      };
      let [end, last] = [offset, rest];
      for (const piece of readPieces(path, offset, size)) {
        const lines = (last + piece.toString("latin1")).split("\n"); // a report is ASCII
        last = lines.pop()!.slice(0, longestLine);
        lines.forEach(take);
        end += piece.length;
      }
      if (isOver) take(last);
      // Only now: what an error interrupts is read again.
      [offset, rest] = [end, isOver ? "" : last];
      return { reports, invalid };
    },
  };
}

/** `undefined` for a line that is no report. */
export function parseReport(line: string): Report | undefined {
  const text = line.trim();
  const inner = /^(?:\[(.*)\]|\{(.*)\})$/.exec(text);
  if (inner?.[2] !== undefined) return fromFields(inner[2]);
  const [step, value, ...more] = (inner?.[1]?.trim() ?? text).split(/[\s,;]+/);
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
