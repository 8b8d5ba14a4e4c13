import type { Terminal } from "../terminal.js";
import { duration, type Progress, progressParts } from "./progress-line.js";

/** A few lines at the bottom of a terminal that are redrawn, with the scripts' output scrolling above them. */
export interface LiveView {
  update(progress: Progress): void;
  printAbove(text: string): void;
  clear(): void;
}

const mostRunningShown = 4;

export function createLiveView(terminal: Terminal): LiveView {
  let lines: string[] = [];
  /** Text of a line of output that has not ended yet; it waits, since the view must start on a line of its own. */
  let unfinished = "";

  const erase = () => {
    // Up to the first line of the view, then clear to the end of the screen.
    if (lines.length > 0) terminal.out(`\x1b[${lines.length}A\r\x1b[J`);
  };
  const draw = () => terminal.out(lines.map((line) => `${line}\n`).join(""));

  return {
    update: (progress) => {
      erase();
      lines = render(progress, terminal.width());
      draw();
    },
    printAbove: (text) => {
      const whole = unfinished + text;
      const end = whole.lastIndexOf("\n") + 1;
      unfinished = whole.slice(end);
      if (end === 0) return;
      erase();
      terminal.out(whole.slice(0, end));
      draw();
    },
    clear: () => {
      erase();
      lines = [];
      if (unfinished !== "") terminal.out(`${unfinished}\n`);
      unfinished = "";
    },
  };
}

function render(progress: Progress, width: number): string[] {
  const { record, summary, running } = progress;
  const title = `${record.name}-v${record.version}`;
  const share = Number.isFinite(record.maxTrials)
    ? summary.counts.completed / Math.max(1, record.maxTrials)
    : undefined;
  const head = share === undefined ? title : `${title} ${bar(share, 24)} ${Math.floor(100 * share)} %`;
  const shown = running.slice(0, mostRunningShown).map(({ number, seconds }) => `trial ${number} ${duration(seconds)}`);
  const more = running.length > mostRunningShown ? [`and ${running.length - mostRunningShown} more`] : [];
  const here = running.length === 0 ? "waiting for the others" : [...shown, ...more].join(" · ");
  return [head, progressParts(progress).join(" · "), `here: ${here}`].map((line) => cut(line, width));
}

/** `[██████░░░░]`. */
function bar(share: number, cells: number): string {
  const full = Math.round(Math.min(1, share) * cells);
  return `${"█".repeat(full)}${"░".repeat(cells - full)}`;
}

/** A line that wraps would be two lines to erase. */
function cut(line: string, width: number): string {
  return line.length < width ? line : `${line.slice(0, Math.max(0, width - 2))}…`;
}
