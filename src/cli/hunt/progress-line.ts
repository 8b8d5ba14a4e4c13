import type { ExperimentRecord, Summary } from "../../storage/storage.js";

/** Where a hunt stands. */
export interface Progress {
  readonly record: ExperimentRecord;
  readonly summary: Summary;
  /** Trials of this worker that run, and for how long. */
  readonly running: readonly { readonly number: number; readonly seconds: number }[];
  /** Since this worker started. */
  readonly seconds: number;
  readonly endedHere: number;
}

/** One line: `demo-v1: 12/100 completed, 4 running, 1 broken, best 0.731, 2.1/s, 40 s left`. */
export function progressLine(progress: Progress): string {
  return `${progress.record.name}-v${progress.record.version}: ${progressParts(progress).join(", ")}`;
}

export function progressParts({ record, summary, seconds, endedHere }: Progress): string[] {
  const { counts, best } = summary;
  const limit = Number.isFinite(record.maxTrials) ? `/${record.maxTrials}` : "";
  const speed = endedHere / Math.max(seconds, 1e-3);
  return [
    `${counts.completed}${limit} completed`,
    `${counts.reserved} running`,
    ...(counts.broken > 0 ? [`${counts.broken} broken`] : []),
    ...(counts.interrupted > 0 ? [`${counts.interrupted} interrupted`] : []),
    ...(best === undefined ? [] : [`best ${shortNumber(best.objective!)}`]),
    ...(endedHere > 0 ? [speed >= 1 ? `${shortNumber(speed)}/s` : `${duration(1 / speed)} per trial`] : []),
    ...timeLeft({ record, summary, seconds, endedHere }),
  ];
}

/** From the speed of the whole experiment where other workers take part: its rate since this worker joined is unknown. */
function timeLeft({ record, summary, seconds, endedHere }: Omit<Progress, "running">): string[] {
  const { counts, firstStart, lastEnd } = summary;
  const left = record.maxTrials - counts.completed;
  if (!Number.isFinite(left) || left <= 0 || endedHere === 0) return [];
  const others = counts.completed > endedHere && firstStart !== undefined && lastEnd !== undefined;
  const perTrial = others
    ? Math.min((lastEnd - firstStart) / 1000 / counts.completed, seconds / endedHere)
    : seconds / endedHere;
  return [`about ${duration(left * perTrial)} left`];
}

/** Six significant digits at most. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(value > 1e3 ? 6 : 4))) : String(value);
}

/** `0.4 s`, `12 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
