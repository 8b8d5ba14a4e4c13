import { decodeJson } from "../space/odd-floats.js";
import type { Facts, Failure, Result, Trial, TrialStatus } from "../trial/trial.js";
import { readRow } from "./read-row.js";
import { objectiveOf } from "./rows.js";

/**
 * Trials as text, for reading a hundred thousand of them: SQL writes each one as a list in JSON, and many of them in one
 * value. A driver spends 10 to 20 µs on a row of 26 columns, this way it is 4 µs on either side, see `bench/growth.ts`.
 */
export interface Dialect {
  /** SQL that writes a real number with every digit; `null` for NULL. */
  real(column: string): string;
  /** SQL that writes a text as a string of JSON; `null` for NULL. */
  text(column: string): string;
}

/** What no trial is without, or nearly none. */
type Usual = readonly [
  number: number,
  id: string,
  status: TrialStatus,
  params: Trial["params"] | null,
  results: readonly Result[] | null,
  epoch: number,
  submitTime: number | null,
  startTime: number | null,
  endTime: number | null,
  createdRevision: number,
  filledRevision: number | null,
  changedRevision: number,
  finishedRevision: number | null,
  basisRevision: number | null,
  attempt: number,
];

/** Left out when a trial has none of it, as most have when they are completed: half of the columns. */
type Unusual = readonly [
  workingDir: string,
  parent: string | null,
  owner: string | null,
  leaseUntil: number | null,
  failure: Failure | null,
  lateResults: readonly (readonly Result[])[] | null,
  facts: Facts | null,
  claim: string | null,
  stoppedAt: number | null,
];

type PackedTrial = readonly [...Usual, ...(Unusual | [])];

/**
 * SQL that packs one trial of a table `t`.
 *
 * @param late - SQL for its late results: a list in JSON, or NULL where there are none.
 */
export function packTrial({ real, text }: Dialect, late: string): string {
  // JSON is stored as it is to be read. No NULL may be left: it would be passed over, and what follows it move up.
  const orNull = (column: string) => `coalesce(cast(${column} as text), 'null')`;
  const usual = [
    "t.number",
    text("t.id"),
    `'"' || t.status || '"'`,
    orNull("t.params"),
    orNull("t.results"),
    "t.epoch",
    orNull("t.submit_time"),
    orNull("t.start_time"),
    orNull("t.end_time"),
    "t.created_revision",
    orNull("t.filled_revision"),
    "t.changed_revision",
    orNull("t.finished_revision"),
    orNull("t.basis_revision"),
    "t.attempt",
  ];
  const unusual = [
    text("t.working_dir"),
    text("t.parent"),
    text("t.owner"),
    orNull("t.lease_until"),
    orNull("t.failure"),
    orNull(late),
    orNull("t.facts"),
    text("t.claim"),
    real("t.stopped_at"),
  ];
  const isUsual = `t.working_dir = '' and coalesce(t.parent, t.owner, t.failure, t.facts, t.claim) is null
    and t.lease_until is null and t.stopped_at is null and ${late} is null`;
  return `concat_ws(',', ${usual.join(", ")}, case when not (${isUsual}) then concat_ws(',', ${unusual.join(", ")}) end)`;
}

/** @param packed - A list of packed trials, each a list; null for none. */
export function unpackTrials(experimentId: number, packed: string | null): Trial[] {
  if (packed === null) return [];
  const rows = readRow("a trial", () => decodeJson(packed) as PackedTrial[]);
  const share = sharing();
  return rows.map((row) => {
    const trial = unpack(experimentId, row);
    for (const result of trial.results) shareTexts(result, share);
    shareTexts(trial.facts, share);
    return trial;
  });
}

/** Most trials have no facts and no late results: of a hundred thousand, an object of its own for each took 5 MiB. */
const nothing = { object: Object.freeze({}), list: Object.freeze([]) };

/** Of equal texts always the first one, so that there is one: the reason of a suggestion is the same for many trials. */
function sharing(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
}

/** @param object - Freshly read; nobody else has it yet. */
function shareTexts(object: object, share: (text: string) => string): void {
  const texts = object as Record<string, unknown>;
  for (const key in texts) {
    const value = texts[key];
    if (typeof value === "string") texts[key] = share(value);
  }
}

/** Written out, though long: made by a loop over names of columns, trials took three times the time and memory. */
function unpack(experimentId: number, row: PackedTrial): Trial {
  const [
    number,
    id,
    status,
    params,
    results,
    epoch,
    submitTime,
    startTime,
    endTime,
    createdRevision,
    filledRevision,
    changedRevision,
    finishedRevision,
    basisRevision,
    attempt,
    workingDir,
    parent,
    owner,
    leaseUntil,
    failure,
    lateResults,
    facts,
    claim,
    stoppedAt,
  ] = row;
  return {
    experimentId,
    number,
    id,
    status,
    params: params ?? nothing.object,
    results: results ?? nothing.list,
    objective: status === "completed" && results !== null ? objectiveOf(results) : undefined,
    parent: parent ?? undefined,
    owner: owner ?? undefined,
    epoch,
    leaseUntil: leaseUntil ?? undefined,
    submitTime: submitTime ?? 0,
    startTime: startTime ?? undefined,
    endTime: endTime ?? undefined,
    createdRevision,
    filledRevision: filledRevision ?? undefined,
    changedRevision,
    finishedRevision: finishedRevision ?? undefined,
    basisRevision: basisRevision ?? undefined,
    attempt,
    workingDir: workingDir ?? "",
    failure: failure ?? undefined,
    lateResults: lateResults ?? nothing.list,
    facts: facts ?? nothing.object,
    claim: claim ?? undefined,
    stoppedAt: stoppedAt ?? undefined,
  };
}
