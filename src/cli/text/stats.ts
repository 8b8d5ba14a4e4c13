import { isDone } from "../../experiment/is-done.js";
import type { Params, Space } from "../../space/dimension.js";
import type { ExperimentRecord, Summary } from "../../storage/storage.js";
import { showBlock } from "./block.js";
import { showNumber } from "./numbers.js";
import { type Paint, plain } from "./paint.js";
import { showParams } from "./params.js";
import { showDuration, showTime } from "./times.js";

/** How far an experiment is: plain data, the same for `--json` and for people. */
export interface Stats {
  /** True once nothing is left to do. */
  readonly completed: boolean;
  readonly trialsCompleted: number;
  readonly trialsBroken: number;
  /** The trial with the best finite objective. */
  readonly best: { readonly id: string; readonly objective: number; readonly params: Params } | null;
  /** Creation of the experiment; ISO 8601, UTC, like the other time. */
  readonly startTime: string;
  /** Latest end of a trial; `null` before the first one that is completed. */
  readonly finishTime: string | null;
  /** From the first start of a trial to the latest end, in seconds. */
  readonly elapsedSeconds: number | null;
}

export interface StatsInput {
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly summary: Summary;
}

export function statsOf({ record, space, summary }: StatsInput): Stats {
  const { best, firstStart, lastEnd } = summary;
  return {
    completed: isDone(record, space, summary),
    trialsCompleted: summary.counts.completed,
    trialsBroken: summary.counts.broken,
    best: best === undefined ? null : { id: best.id, objective: best.objective!, params: best.params },
    startTime: new Date(record.createdTime).toISOString(),
    finishTime: lastEnd === undefined || summary.counts.completed === 0 ? null : new Date(lastEnd).toISOString(),
    elapsedSeconds: firstStart === undefined || lastEnd === undefined ? null : Math.max(0, lastEnd - firstStart) / 1000,
  };
}

/** The block `Stats` that ends a hunt and a page of `orion info`. */
export function showStats(stats: Stats, space: Space, paint: Paint = plain): string {
  if (stats.trialsCompleted === 0) return showBlock("Stats", [showNone(stats)], paint);
  const { best, finishTime, elapsedSeconds } = stats;
  return showBlock(
    "Stats",
    [
      `completed: ${stats.completed ? "True" : "False"}`,
      `trials completed: ${stats.trialsCompleted}`,
      ...(best === null ? ["best trial: none has a finite objective"] : ["best trial:", ...showBest(best, space)]),
      `start time: ${showTime(Date.parse(stats.startTime))}`,
      ...(finishTime === null ? [] : [`finish time: ${showTime(Date.parse(finishTime))}`]),
      ...(elapsedSeconds === null ? [] : [`elapsed_time: ${showDuration(Math.round(elapsedSeconds * 1000))}`]),
    ],
    paint,
  );
}

function showNone({ trialsBroken }: Stats): string {
  return trialsBroken === 0 ? "No trials executed..." : `No trial completed, ${trialsBroken} broken.`;
}

function showBest({ id, objective, params }: NonNullable<Stats["best"]>, space: Space): string[] {
  return [
    `  id: ${id}`,
    `  evaluation: ${showNumber(objective)}`,
    "  params:",
    ...showParams(space, params).map((line) => `    ${line}`),
  ];
}
