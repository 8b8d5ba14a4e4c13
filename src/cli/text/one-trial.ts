import { existsSync } from "node:fs";
import type { Recomputed } from "../../experiment/recompute.js";
import type { Space } from "../../space/dimension.js";
import type { Report, Result, Trial } from "../../trial/trial.js";
import { indent, showBlock } from "./block.js";
import { showNumber } from "./numbers.js";
import type { Paint } from "./paint.js";
import { showParams } from "./params.js";
import { oneLine } from "./printable.js";
import { quantity } from "./quantity.js";
import { showTime } from "./times.js";
import { showWorker, whyLost } from "./trial.js";

/** A trial as `--json` prints it: times are ISO 8601, and what is not known is `null`. */
export function trialInfoOf(trial: Trial, { directory, reports }: Pick<ShownTrial, "directory" | "reports">) {
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    id: trial.id,
    number: trial.number,
    status: trial.status,
    stoppedAt: trial.stoppedAt ?? null,
    facts: trial.facts,
    objective: trial.objective ?? null,
    params: trial.params,
    results: trial.results,
    lateResults: trial.lateResults,
    reports,
    parent: trial.parent ?? null,
    owner: trial.owner ?? null,
    epoch: trial.epoch,
    attempt: trial.attempt,
    basisRevision: trial.basisRevision ?? null,
    submitTime: iso(trial.submitTime),
    startTime: iso(trial.startTime),
    endTime: iso(trial.endTime),
    directory,
    failure: trial.failure ?? null,
  };
}

interface ShownTrial {
  readonly trial: Trial;
  readonly space: Space;
  readonly directory: string;
  readonly paint: Paint;
  readonly recomputed: Recomputed;
  /** What it reported while it ran, in the order of arrival. */
  readonly reports: readonly Report[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The blocks of `orion info --trial`. */
export function showTrial({ trial, space, directory, paint, recomputed, reports, now }: ShownTrial): string[] {
  const { failure, lateResults } = trial;
  const block = (title: string, lines: readonly string[]) => showBlock(title, lines, paint);
  return [
    block("Trial", identityLines(trial, { directory, now })),
    block("Params", showParams(space, trial.params)),
    block("Why this trial", whyLines(trial, recomputed)),
    block("Results", trial.results.length === 0 ? ["none"] : trial.results.map(resultLine)),
    ...(reports.length === 0 ? [] : [block("Reports", reportLines(reports))]),
    ...lateResults.map((results) => block("Late results", results.map(resultLine))),
    ...(failure === undefined
      ? []
      : [
          block("Failure", [
            `reason: ${failure.reason}`,
            ...(failure.exitCode === undefined ? [] : [`exit code: ${failure.exitCode}`]),
            ...(failure.signal === undefined ? [] : [`signal: ${failure.signal}`]),
            ...(failure.stderr ? ["stderr:", indent(failure.stderr.trimEnd(), 2)] : []),
            ...(failure.stack ? ["stack:", indent(failure.stack.trimEnd(), 2)] : []),
          ]),
        ]),
  ];
}

function identityLines(trial: Trial, { directory, now }: Pick<ShownTrial, "directory" | "now">): string[] {
  const { startTime, endTime, parent, owner } = trial;
  const lost = whyLost(trial, now);
  return [
    `id: ${trial.id}`,
    `number: ${trial.number}`,
    `status: ${trial.status}${trial.stoppedAt === undefined ? "" : `, stopped early at step ${trial.stoppedAt}`}`,
    ...(parent === undefined ? [] : [`parent: ${parent}`]),
    ...(owner === undefined ? [] : [`owner: ${showWorker(owner)}${lost === undefined ? "" : ` (${lost})`}`]),
    `reservations: ${trial.epoch}`,
    `submit time: ${showTime(trial.submitTime)}`,
    ...(startTime === undefined ? [] : [`start time: ${showTime(startTime)}`]),
    ...(endTime === undefined ? [] : [`end time: ${showTime(endTime)}`]),
    `directory: ${directory}${existsSync(directory) ? "" : ` (${whyAbsent(trial)})`}`,
  ];
}

/** Why the directory of a trial is not there. */
function whyAbsent({ status, workingDir }: Trial): string {
  const wasTemporary = status === "completed" && workingDir === "";
  return wasTemporary ? "removed since the trial is completed; --working-dir keeps it" : "not there on this machine";
}

/** What the suggestion was computed from, what the algorithm noted, and whether it says the same today. */
function whyLines({ basisRevision, attempt, facts }: Trial, recomputed: Recomputed): string[] {
  if (basisRevision === undefined) return ["inserted by hand"];
  const { auto: member, why, ...others } = facts;
  const choice = typeof member === "string" ? [`made by: ${member}, since ${why}`] : [];
  const noted = Object.entries(others).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const basis = basisRevision === 0 ? "its number alone" : `the history at revision ${basisRevision}`;
  const outcomes = {
    agrees: "computed once more: the same",
    differs: `computed once more: not the same, ${"reason" in recomputed ? recomputed.reason : ""}`,
    unknown: `cannot be computed once more: ${"reason" in recomputed ? recomputed.reason : ""}`,
  };
  return [`suggested from: ${basis}, attempt ${attempt}`, ...choice, ...noted, outcomes[recomputed.kind]];
}

/** So many are told of. */
const shownReports = 20;

function reportLines(reports: readonly Report[]): string[] {
  const hidden = reports.length - shownReports;
  const more = hidden > 0 ? [`${quantity(hidden, "earlier one")}: see --json`] : [];
  const line = ({ step, value }: Report) => `step ${showNumber(step)}: ${showNumber(value)}`;
  return [...more, ...reports.slice(-shownReports).map(line)];
}

function resultLine({ name, type, value }: Result): string {
  const text = typeof value === "number" ? showNumber(value) : JSON.stringify(value);
  return `${oneLine(name)} (${type}): ${text}`;
}
