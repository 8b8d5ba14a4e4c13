import { decodeJson, encodeJson } from "../../space/odd-floats.js";
import { isFinal, type Result, type TrialStatus } from "../../trial/trial.js";
import { asNewcomer, joinTrial } from "../join-trial.js";
import type { Placed, Tally } from "../placed.js";
import type { LateResults, RowStatus, StoredTrial } from "../records.js";
import { rankOf, type TrialRow } from "../rows.js";
import { restingRow } from "../stored-rows.js";
import type { Connection } from "./connection.js";
import { historyRow, noteRewrite } from "./history.js";

const json = (value: unknown): string | null => (value === undefined ? null : encodeJson(value));

/** Store a trial or an empty slot as it was, but leased to nobody. */
export function insertTrial(db: Connection, experimentId: number, trial: StoredTrial): void {
  const row = restingRow(trial);
  const names = Object.keys(row);
  db.sql(`insert into trials (experiment, ${names.join(", ")}) values (?${", ?".repeat(names.length)})`).run(
    experimentId,
    ...Object.values(row),
  );
}

interface Merging {
  readonly trial: StoredTrial;
  readonly target: Placed<number>;
  readonly tally: Tally;
}

/** Unite one trial of the records with what is stored, by the rule of `joinTrial`. */
export function mergeTrial(db: Connection, { trial, target, tally }: Merging): void {
  const { experimentId } = target;
  const row = db
    .sql("select number, status, results from trials where experiment = ? and id = ?")
    .get(experimentId, trial.id ?? null) as Pick<TrialRow, "number" | "status" | "results"> | undefined;
  const ours = row && { status: row.status as RowStatus, results: storedResults(row) };
  const joining = joinTrial(ours, trial);
  if (joining === "add") {
    target.numbers.set(trial.number, addTrial(db, target, trial));
    tally.trials++;
    return;
  }
  if (row === undefined) return;
  target.numbers.set(trial.number, row.number);
  if (joining === "finish") {
    finishFrom(db, { target, number: row.number, trial });
    if (isFinal(ours!.status as TrialStatus)) noteRewrite(db, target.experimentId, target.revision());
    tally.finished++;
  } else if (joining === "keep-both") {
    keepBeside(db, target, { number: row.number, results: trial.results ?? [] });
    tally.conflicts++;
  }
}

function storedResults({ results }: Pick<TrialRow, "results">): readonly Result[] {
  return results === null ? [] : (decodeJson(results) as Result[]);
}

/** A trial that is new here gets the next number. */
function addTrial(db: Connection, { experimentId, revision: revisionOf }: Placed<number>, trial: StoredTrial): number {
  const { next_number: number } = historyRow(db, experimentId);
  const revision = revisionOf();
  db.sql("update histories set next_number = next_number + 1 where experiment = ?").run(experimentId);
  const isClaimTaken =
    trial.claim !== undefined &&
    db.sql("select 1 from trials where experiment = ? and claim = ?").get(experimentId, trial.claim) !== undefined;
  insertTrial(db, experimentId, asNewcomer(trial, { number, revision, isClaimTaken }));
  noteTimes(db, experimentId, trial);
  return number;
}

interface Finishing {
  readonly target: Placed<number>;
  readonly number: number;
  readonly trial: StoredTrial;
}

/** A lease on it is void: whoever evaluates it here finds it finished, and his results are kept beside. */
function finishFrom(db: Connection, { target, number, trial }: Finishing): void {
  const revision = target.revision();
  db.sql(
    `update trials set status = ?, results = ?, objective = ?, failure = ?, start_time = ?, end_time = ?, stopped_at = ?,
                       owner = null, lease_until = null, changed_revision = ?, finished_revision = ?,
                       finished_epoch = null
      where experiment = ? and number = ?`,
  ).run(
    trial.status,
    json(trial.results),
    trial.results === undefined ? null : rankOf(trial.results),
    trial.failure === undefined ? null : JSON.stringify(trial.failure),
    trial.startTime ?? null,
    trial.endTime ?? null,
    trial.stoppedAt ?? null,
    revision,
    revision,
    target.experimentId,
    number,
  );
  noteTimes(db, target.experimentId, trial);
}

function noteTimes(db: Connection, experimentId: number, { startTime, endTime }: StoredTrial): void {
  db.sql(
    `update histories set first_start = coalesce(min(first_start, ?1), first_start, ?1),
                          last_end = coalesce(max(last_end, ?2), last_end, ?2) where experiment = ?3`,
  ).run(startTime ?? null, endTime ?? null, experimentId);
}

export function mergeLateResults(db: Connection, target: Placed<number>, late: LateResults): void {
  const number = target.numbers.get(late.number);
  if (number !== undefined) keepBeside(db, target, { ...late, number });
}

/**
 * Results that are kept already are not kept twice, so that a merge can be repeated. They get epochs below zero, which
 * no lease here ever has.
 */
function keepBeside(
  db: Connection,
  { experimentId, revision }: Placed<number>,
  { number, results }: Pick<LateResults, "number" | "results">,
): void {
  const kept = db
    .sql("select epoch, results from late_results where experiment = ? and number = ?")
    .all(experimentId, number) as { epoch: number; results: string }[];
  const text = encodeJson(results);
  if (kept.some((one) => one.results === text)) return;
  const free = Math.min(0, ...kept.map(({ epoch }) => epoch)) - 1;
  db.sql("insert into late_results (experiment, number, epoch, results) values (?, ?, ?, ?)").run(
    experimentId,
    number,
    free,
    text,
  );
  db.sql("update trials set changed_revision = ? where experiment = ? and number = ?").run(
    revision(),
    experimentId,
    number,
  );
}
