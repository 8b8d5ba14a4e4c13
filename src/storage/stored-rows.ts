import { decodeJson, encodeJson } from "../space/odd-floats.js";
import type { Result } from "../trial/trial.js";
import { restingStatus } from "./at-rest.js";
import { readRow } from "./read-row.js";
import type {
  FormerDefinition,
  LateResults,
  RowStatus,
  StoredExperiment,
  StoredReport,
  StoredTrial,
} from "./records.js";
import {
  type ExperimentRow,
  experimentFromRow,
  type HistoryRow,
  limitFromSql,
  rankOf,
  rowStatuses,
  type TrialRow,
} from "./rows.js";
import type { Definition } from "./storage.js";

export interface FormerRow {
  until_revision: number;
  max_trials: number | null;
  definition: string;
}

export interface LateRow {
  number: number;
  epoch: number;
  results: string;
}

export interface ReportRow {
  position: number;
  number: number;
  step: number;
  value: string;
}

/** @param numbers - Number among the records of each experiment that is exported, by its id. */
export function experimentRecord(
  row: ExperimentRow,
  history: HistoryRow,
  numbers: ReadonlyMap<number, number>,
): StoredExperiment {
  const { id, parent, ...record } = experimentFromRow(row);
  const parentNumber = parent === undefined ? undefined : numbers.get(parent.experimentId);
  return withoutGaps({
    kind: "experiment" as const,
    experiment: numbers.get(id)!,
    ...record,
    parent: parentNumber === undefined ? undefined : { experiment: parentNumber, adapters: parent!.adapters },
    rewrittenRevision: history.rewritten_revision,
    nextNumber: history.next_number,
    firstStart: history.first_start,
    lastEnd: history.last_end,
    counts: Object.fromEntries(rowStatuses.map((status) => [status, history[`n_${status}`]])) as Record<
      RowStatus,
      number
    >,
  });
}

export function formerRecord(experiment: number, row: FormerRow): FormerDefinition {
  return {
    kind: "former-definition",
    experiment,
    untilRevision: row.until_revision,
    maxTrials: limitFromSql(row.max_trials),
    definition: readRow("a former definition", () => JSON.parse(row.definition) as Definition),
  };
}

export function trialRecord(experiment: number, row: TrialRow): StoredTrial {
  return readRow(`trial ${row.number}`, () => readTrial(experiment, row));
}

function readTrial(experiment: number, row: TrialRow): StoredTrial {
  return withoutGaps({
    kind: "trial" as const,
    number: row.number,
    status: row.status as RowStatus,
    id: row.id,
    params: document<StoredTrial["params"]>(row.params),
    results: document<StoredTrial["results"]>(row.results),
    parent: row.parent,
    owner: row.owner,
    epoch: row.epoch,
    leaseUntil: row.lease_until,
    submitTime: row.submit_time,
    startTime: row.start_time,
    endTime: row.end_time,
    createdRevision: row.created_revision,
    filledRevision: row.filled_revision,
    changedRevision: row.changed_revision,
    finishedRevision: row.finished_revision,
    finishedEpoch: row.finished_epoch,
    basisRevision: row.basis_revision,
    attempt: row.attempt,
    workingDir: row.working_dir,
    failure: document<StoredTrial["failure"]>(row.failure),
    facts: document<StoredTrial["facts"]>(row.facts),
    claim: row.claim,
    stoppedAt: row.stopped_at,
    experiment,
  });
}

export function lateRecord(experiment: number, { number, epoch, results }: LateRow): LateResults {
  const read = () => decodeJson(results) as Result[];
  return { kind: "late-results", experiment, number, epoch, results: readRow(`trial ${number}`, read) };
}

export function reportRecord(experiment: number, { number, step, value }: ReportRow): StoredReport {
  const read = () => decodeJson(value) as number;
  return { kind: "report", experiment, number, step, value: readRow(`a report of trial ${number}`, read) };
}

/** The columns of a trial or an empty slot as it was, but leased to nobody; always the same ones, in the same order. */
export function restingRow(trial: StoredTrial): Omit<TrialRow, "experiment" | "owner" | "lease_until" | "late"> {
  return {
    number: trial.number,
    id: trial.id ?? null,
    status: restingStatus(trial.status),
    params: json(trial.params),
    results: json(trial.results),
    objective: trial.results === undefined ? null : rankOf(trial.results),
    parent: trial.parent ?? null,
    epoch: trial.epoch,
    submit_time: trial.submitTime ?? null,
    start_time: trial.startTime ?? null,
    end_time: trial.endTime ?? null,
    created_revision: trial.createdRevision,
    filled_revision: trial.filledRevision ?? null,
    changed_revision: trial.changedRevision,
    finished_revision: trial.finishedRevision ?? null,
    finished_epoch: trial.finishedEpoch ?? null,
    basis_revision: trial.basisRevision ?? null,
    attempt: trial.attempt,
    working_dir: trial.workingDir,
    failure: trial.failure === undefined ? null : JSON.stringify(trial.failure),
    facts: json(trial.facts),
    claim: trial.claim ?? null,
    stopped_at: trial.stoppedAt ?? null,
  };
}

const json = (value: unknown): string | null => (value === undefined ? null : encodeJson(value));
const document = <T>(text: string | null): T | undefined => (text === null ? undefined : (decodeJson(text) as T));

type WithoutGaps<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : null extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : null extends T[Key] ? Key : never]?: Exclude<
    T[Key],
    undefined | null
  >;
};

/** A record leaves out what has no value. */
function withoutGaps<T extends object>(record: T): WithoutGaps<T> {
  const known = Object.entries(record).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as WithoutGaps<T>;
}
