import type {
  FormerDefinition,
  LateResults,
  StoredExperiment,
  StoredRecord,
  StoredReport,
  StoredTrial,
} from "../storage/records.js";
import { objectiveOf } from "../storage/rows.js";
import type { Storage } from "../storage/storage.js";
import type { Result, Trial, TrialStatus } from "../trial/trial.js";

/** All rows of one experiment, at one moment. */
export interface StoredHistory {
  readonly experiment: StoredExperiment;
  readonly formerDefinitions: readonly FormerDefinition[];
  /** Empty slots too. */
  readonly trials: readonly StoredTrial[];
  readonly lateResults: readonly LateResults[];
  readonly reports: readonly StoredReport[];
}

/** Read the rows of an experiment as they are, through no other operation of the storage. */
export async function readStoredHistory(
  storage: Pick<Storage, "exportExperiments">,
  experimentId: number,
): Promise<StoredHistory> {
  const records: StoredRecord[] = [];
  await storage.exportExperiments([experimentId], (record) => void records.push(record));
  const ofKind = <Kind extends StoredRecord["kind"]>(kind: Kind) =>
    records.filter((record): record is Extract<StoredRecord, { kind: Kind }> => record.kind === kind);
  return {
    experiment: ofKind("experiment")[0]!,
    formerDefinitions: ofKind("former-definition"),
    trials: ofKind("trial"),
    lateResults: ofKind("late-results"),
    reports: ofKind("report"),
  };
}

/** The rows that are trials, as algorithms know them. */
export function trialsOf({ trials, lateResults }: StoredHistory): Trial[] {
  const late = new Map<number, (readonly Result[])[]>();
  for (const { number, results } of lateResults) late.set(number, [...(late.get(number) ?? []), results]);
  return trials.flatMap((row) => (row.id === undefined ? [] : [trialOf(row, late.get(row.number) ?? [])]));
}

function trialOf(row: StoredTrial, lateResults: readonly (readonly Result[])[]): Trial {
  const results = row.results ?? [];
  return {
    experimentId: row.experiment,
    number: row.number,
    id: row.id!,
    status: row.status as TrialStatus,
    params: row.params ?? {},
    results,
    objective: row.status === "completed" ? objectiveOf(results) : undefined,
    parent: row.parent,
    owner: row.owner,
    epoch: row.epoch,
    leaseUntil: row.leaseUntil,
    submitTime: row.submitTime ?? 0,
    startTime: row.startTime,
    endTime: row.endTime,
    createdRevision: row.createdRevision,
    filledRevision: row.filledRevision,
    changedRevision: row.changedRevision,
    finishedRevision: row.finishedRevision,
    basisRevision: row.basisRevision,
    attempt: row.attempt,
    workingDir: row.workingDir,
    failure: row.failure,
    lateResults,
    facts: row.facts ?? {},
    claim: row.claim,
    stoppedAt: row.stoppedAt,
  };
}
