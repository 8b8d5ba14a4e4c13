import { decodeJson, encodeJson } from "../../space/odd-floats.js";
import { isFinal, type Result, type TrialStatus } from "../../trial/trial.js";
import { asNewcomer, joinTrial } from "../join-trial.js";
import type { Belonging, Placed, Tally } from "../placed.js";
import type { LateResults, RowStatus, StoredReport, StoredTrial } from "../records.js";
import { rankOf } from "../rows.js";
import type { Session } from "./connection.js";
import { insertLateResults, insertReports, insertTrials } from "./import-store.js";

interface Merging {
  readonly belongings: readonly Belonging[];
  readonly tally: Tally;
}

/** Join records with what is there; what an experiment was before is its own affair. */
export async function merge(session: Session, target: Placed, { belongings, tally }: Merging): Promise<void> {
  const [{ kind }] = belongings as [Belonging];
  if (kind === "trial") {
    await mergeTrials(session, target, { trials: belongings as readonly StoredTrial[], tally });
    return;
  }
  if (kind === "former-definition") return;
  const here = (belongings as readonly (LateResults | StoredReport)[]).flatMap((one) => {
    const number = target.numbers.get(one.number);
    return number === undefined ? [] : [{ ...one, number }];
  });
  if (kind === "report") await insertReports(session, target.experimentId, here as readonly StoredReport[]);
  else for (const late of here as readonly LateResults[]) await keepBeside(session, target, late);
}

interface Ours extends Pick<StoredTrial, "status" | "results"> {
  readonly number: number;
}

/** Unite trials of the records with what is stored, each by the rule of `joinTrial`. */
async function mergeTrials(
  session: Session,
  target: Placed,
  { trials, tally }: { readonly trials: readonly StoredTrial[]; readonly tally: Tally },
): Promise<void> {
  const ours = await findOurs(session, target.experimentId, trials);
  const claims = await findClaims(session, target.experimentId, trials);
  const newcomers: StoredTrial[] = [];
  const store = () => insertTrials(session, target.experimentId, newcomers.splice(0));
  let number = await nextNumber(session, target.experimentId);
  for (const trial of trials) {
    const row = trial.id === undefined ? undefined : ours.get(trial.id);
    const joining = joinTrial(row, trial);
    if (joining === "add") {
      const isClaimTaken = trial.claim !== undefined && claims.has(trial.claim);
      newcomers.push(asNewcomer(trial, { number, revision: await target.revision(), isClaimTaken }));
      if (trial.claim !== undefined) claims.add(trial.claim);
      ours.set(trial.id!, { ...trial, number });
      target.numbers.set(trial.number, number++);
      await noteTimes(session, target.experimentId, trial);
      tally.trials++;
      continue;
    }
    if (row === undefined) continue;
    target.numbers.set(trial.number, row.number);
    if (joining !== "keep-ours") await store(); // it may be one of them
    if (joining === "finish") {
      await finishFrom(session, target, { number: row.number, trial });
      if (isFinal(row.status as TrialStatus)) await noteRewrite(session, target);
      tally.finished++;
    } else if (joining === "keep-both") {
      await keepBeside(session, target, { number: row.number, results: trial.results ?? [] });
      tally.conflicts++;
    }
  }
  await store();
  await session.rows("update orion.histories set next_number = $2 where experiment = $1", [
    target.experimentId,
    number,
  ]);
}

async function findOurs(session: Session, experimentId: number, trials: readonly StoredTrial[]) {
  const rows = await session.rows<{ id: string; number: number; status: string; results: string | null }>(
    "select id, number, status, results from orion.trials where experiment = $1 and id = any ($2)",
    [experimentId, trials.flatMap(({ id }) => id ?? [])],
  );
  return new Map<string, Ours>(
    rows.map(({ id, number, status, results }) => [
      id,
      {
        number,
        status: status as RowStatus,
        results: results === null ? [] : (decodeJson(results) as Result[]),
      },
    ]),
  );
}

async function findClaims(session: Session, experimentId: number, trials: readonly StoredTrial[]) {
  const rows = await session.rows<{ claim: string }>(
    "select claim from orion.trials where experiment = $1 and claim = any ($2)",
    [experimentId, trials.flatMap(({ claim }) => claim ?? [])],
  );
  return new Set(rows.map(({ claim }) => claim));
}

async function nextNumber(session: Session, experimentId: number): Promise<number> {
  const text = "select next_number from orion.histories where experiment = $1";
  return (await session.rows<{ next_number: number }>(text, [experimentId]))[0]!.next_number;
}

interface Finishing {
  readonly number: number;
  readonly trial: StoredTrial;
}

/** A lease on it is void: whoever evaluates it here finds it finished, and his results are kept beside. */
async function finishFrom(session: Session, target: Placed, { number, trial }: Finishing): Promise<void> {
  const { status, results, failure, startTime, endTime, stoppedAt } = trial;
  await session.rows(
    `update orion.trials set status = $3, results = $4, objective = $5, failure = $6, start_time = $7, end_time = $8,
                             stopped_at = $9, owner = null, reservation = null, lease_until = null,
                             changed_revision = $10, finished_revision = $10, finished_epoch = null
      where experiment = $1 and number = $2`,
    [
      target.experimentId,
      number,
      status,
      results === undefined ? null : encodeJson(results),
      results === undefined ? null : rankOf(results),
      failure === undefined ? null : JSON.stringify(failure),
      startTime ?? null,
      endTime ?? null,
      stoppedAt ?? null,
      await target.revision(),
    ],
  );
  await noteTimes(session, target.experimentId, trial);
}

/** A trial that had ended has ended otherwise: whoever caches the history reads it anew. */
async function noteRewrite(session: Session, { experimentId, revision }: Placed): Promise<void> {
  const text = "update orion.histories set rewritten_revision = $2 where experiment = $1";
  await session.rows(text, [experimentId, await revision()]);
}

async function noteTimes(session: Session, experimentId: number, { startTime, endTime }: StoredTrial): Promise<void> {
  // Here null is neither the least nor the greatest.
  await session.rows(
    `update orion.histories set first_start = least(first_start, $2), last_end = greatest(last_end, $3)
      where experiment = $1`,
    [experimentId, startTime ?? null, endTime ?? null],
  );
}

/**
 * Results that are kept already are not kept twice, so that a merge can be repeated. They get epochs below zero, which
 * no lease here ever has.
 */
async function keepBeside(
  session: Session,
  { experimentId, revision }: Placed,
  { number, results }: Pick<LateResults, "number" | "results">,
): Promise<void> {
  const kept = await session.rows<{ epoch: number; results: string }>(
    "select epoch, results from orion.late_results where experiment = $1 and number = $2",
    [experimentId, number],
  );
  const text = encodeJson(results);
  if (kept.some((one) => one.results === text)) return;
  const epoch = Math.min(0, ...kept.map((one) => one.epoch)) - 1;
  await insertLateResults(session, experimentId, [{ number, epoch, results }]);
  await session.rows("update orion.trials set changed_revision = $3 where experiment = $1 and number = $2", [
    experimentId,
    number,
    await revision(),
  ]);
}
