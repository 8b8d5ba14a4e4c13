import type { ExperimentRecord, Summary } from "../storage/storage.js";
import { type TrialStatus, trialStatuses } from "../trial/trial.js";
import { bareParams } from "./read-space.js";

/** How far an experiment is, at a cost that does not grow with its history. */
export interface ExperimentStats<Params> {
  readonly isDone: boolean;
  readonly isBroken: boolean;
  readonly trialsCompleted: number;
  /** All trials, whatever their status. */
  readonly trialCount: number;
  readonly counts: Readonly<Record<TrialStatus, number>>;
  /** May be Infinity. */
  readonly maxTrials: number;
  /** Part of the budget that is completed, 0 … 1; `undefined` without a limit. */
  readonly progress: number | undefined;
  /** The trial with the best finite objective in the experiment's direction. */
  readonly best: BestTrial<Params> | undefined;
  /** Creation of the experiment. */
  readonly startTime: Date;
  /** Latest end of a trial. */
  readonly finishTime: Date | undefined;
  /** From the first start of a trial to the latest end. */
  readonly elapsedSeconds: number | undefined;
  /** What is left at the pace so far; `undefined` where nothing is completed, or there is no limit. */
  readonly etaSeconds: number | undefined;
}

export interface BestTrial<Params> {
  readonly id: string;
  readonly number: number;
  readonly objective: number;
  readonly params: Params;
}

interface StatsInput {
  readonly record: ExperimentRecord;
  readonly summary: Summary;
  readonly isDone: boolean;
}

export function statsOf<Params>({ record, summary, isDone }: StatsInput): ExperimentStats<Params> {
  const { counts, best, firstStart, lastEnd } = summary;
  const { completed } = counts;
  const { maxTrials } = record;
  const elapsedSeconds =
    firstStart === undefined || lastEnd === undefined ? undefined : Math.max(0, lastEnd - firstStart) / 1000;
  const left = isDone ? 0 : Math.max(0, maxTrials - completed);
  const isPaced = elapsedSeconds !== undefined && completed > 0 && Number.isFinite(left);
  return {
    isDone,
    isBroken: counts.broken >= record.maxBroken,
    trialsCompleted: completed,
    trialCount: trialStatuses.reduce((sum, status) => sum + counts[status], 0),
    counts,
    maxTrials,
    progress: Number.isFinite(maxTrials) ? Math.min(1, maxTrials === 0 ? 1 : completed / maxTrials) : undefined,
    best:
      best === undefined
        ? undefined
        : {
            id: best.id,
            number: best.number,
            objective: best.objective!,
            params: bareParams(best.params) as Params, // typed by the space of the caller
          },
    startTime: new Date(record.createdTime),
    finishTime: lastEnd === undefined ? undefined : new Date(lastEnd),
    elapsedSeconds,
    etaSeconds: isPaced ? (elapsedSeconds / completed) * left : undefined,
  };
}
