import type { ExperimentRecord, Summary } from "../../storage/storage.js";
import { oneLine } from "../text/printable.js";
import { duration } from "../text/times.js";

/** Where a hunt stands. */
export interface Progress {
  readonly record: ExperimentRecord;
  readonly summary: Summary;
  /** Trials of this worker that run, and for how long. */
  readonly running: readonly { readonly number: number; readonly seconds: number }[];
  /** Since this worker started. */
  readonly seconds: number;
  readonly completedHere: number;
  /** Nothing more is done here: there is no time left to tell. */
  readonly isOver: boolean;
}

/** One line: `demo-v1: 12/100 completed, 4 running, 1 broken, best 0.731, 2.1/s, 40 s left`. */
export function progressLine(progress: Progress): string {
  const { name, version } = progress.record;
  return `${oneLine(name)}-v${version}: ${progressParts(progress).join(", ")}`;
}

export function progressParts({ record, summary, seconds, completedHere, isOver }: Progress): string[] {
  const { counts, best } = summary;
  const limit = Number.isFinite(record.maxTrials) ? `/${record.maxTrials}` : "";
  const speed = completedHere / Math.max(seconds, 1e-3);
  return [
    `${counts.completed}${limit} completed`,
    `${counts.reserved} running`,
    ...(counts.broken > 0 ? [`${counts.broken} broken`] : []),
    ...(counts.interrupted > 0 ? [`${counts.interrupted} interrupted`] : []),
    ...(best === undefined ? [] : [`best ${shortNumber(best.objective!)}`]),
    ...(completedHere > 0 ? [speed >= 1 ? `${shortNumber(speed)}/s` : `${duration(1 / speed)} per trial`] : []),
    ...(isOver ? [] : timeLeft({ record, summary, seconds, completedHere })),
  ];
}

type Pace = Pick<Progress, "record" | "summary" | "seconds" | "completedHere">;

/** From the speed of the whole experiment where other workers take part: its rate since this worker joined is unknown. */
function timeLeft({ record, summary, seconds, completedHere }: Pace): string[] {
  const { counts, firstStart, lastEnd } = summary;
  const left = record.maxTrials - counts.completed;
  if (!Number.isFinite(left) || left <= 0 || completedHere === 0) return [];
  const here = seconds / completedHere;
  const others = counts.completed > completedHere && firstStart !== undefined && lastEnd !== undefined;
  const perTrial = others ? Math.min((lastEnd - firstStart) / 1000 / counts.completed, here) : here;
  return [`about ${duration(left * perTrial)} left`];
}

/** Six significant digits at most. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(value > 1e3 ? 6 : 4))) : String(value);
}
