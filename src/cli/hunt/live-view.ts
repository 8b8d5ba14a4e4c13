import type { Terminal } from "../terminal.js";
import { oneLine } from "../text/printable.js";
import { duration } from "../text/times.js";
import { columnsOf, cutToColumns } from "./columns.js";
import { type Progress, progressParts } from "./progress-line.js";

/** A few lines at the bottom of a terminal that are redrawn, with the scripts' output scrolling above them. */
export interface LiveView {
  update(progress: Progress): void;
  /** Above the lines. */
  print(text: string): void;
  /** What is printed next begins a line. */
  endLine(): void;
  clear(): void;
}

const mostRunningShown = 4;
/** A longer line of output is broken, since what is shown of it has to be kept. */
const longestLine = 64 * 1024;

export function createLiveView({ out, width }: Pick<Terminal, "out" | "width">): LiveView {
  let lines: readonly string[] = [];
  /** What is on the screen just now. */
  let drawn: readonly string[] = [];
  /** A line of output that has not ended yet: the view must start on a line of its own, so it is shown as part of it. */
  let unfinished = "";

  /** Text that takes the place of the view, which is drawn again below it. One write, or it flickers. */
  const redraw = (above: string) => {
    const columns = Math.max(1, width());
    // A terminal that became narrower has wrapped what it shows.
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / columns)), 0);
    const erase = rows === 0 ? "" : `\x1b[${rows}A\r\x1b[J`;
    const begun = unfinished === "" ? [] : [lastState(unfinished)];
    drawn = [...begun, ...lines].map((line) => cutToColumns(line, columns));
    out(`${erase}${above}${drawn.map((line) => `${line}\n`).join("")}`);
  };

  const print = (text: string) => {
    const whole = unfinished + text;
    const end = whole.length > longestLine ? whole.length : whole.lastIndexOf("\n") + 1;
    unfinished = whole.slice(end);
    const ended = whole.slice(0, end);
    redraw(ended === "" || ended.endsWith("\n") ? ended : `${ended}\n`);
  };

  return {
    update: (progress) => {
      lines = render(progress);
      redraw("");
    },
    print,
    endLine: () => {
      if (unfinished !== "") print("\n");
    },
    clear: () => {
      lines = [];
      const rest = unfinished === "" ? "" : `${unfinished}\n`;
      unfinished = "";
      redraw(rest);
    },
  };
}

/** What one sees of a line: a progress bar writes its states over one another, with carriage returns between. */
function lastState(text: string): string {
  const line = text.replace(/\r+$/, "");
  // Colours take no columns, and other sequences would spoil the view.
  return oneLine(line.slice(line.lastIndexOf("\r") + 1).replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, "")).replaceAll(
    "\\x09",
    " ",
  );
}

function render(progress: Progress): string[] {
  const { record, summary, running } = progress;
  const title = oneLine(`${record.name}-v${record.version}`);
  const share = Number.isFinite(record.maxTrials)
    ? Math.min(1, summary.counts.completed / Math.max(1, record.maxTrials))
    : undefined;
  const head = share === undefined ? title : `${title} ${bar(share, 24)} ${Math.floor(100 * share)} %`;
  const shown = running.slice(0, mostRunningShown).map(({ number, seconds }) => `trial ${number} ${duration(seconds)}`);
  const more = running.length > mostRunningShown ? [`and ${running.length - mostRunningShown} more`] : [];
  const nothing = summary.counts.reserved > 0 ? "waiting for the others" : "looking for a trial";
  const here = running.length === 0 ? nothing : [...shown, ...more].join(" · ");
  return [head, progressParts(progress).join(" · "), `here: ${here}`];
}

/** `██████░░░░`. */
function bar(share: number, cells: number): string {
  const full = Math.round(share * cells);
  return `${"█".repeat(full)}${"░".repeat(cells - full)}`;
}
