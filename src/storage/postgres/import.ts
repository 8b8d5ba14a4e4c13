import { ConflictError } from "../../errors.js";
import { type Belonging, type Placed, placeOf, startTally, type Tally } from "../placed.js";
import type { Destination, ImportTally, StoredExperiment, StoredRecord } from "../records.js";
import { limitToSql } from "../rows.js";
import type { Session } from "./connection.js";
import { lockSpace } from "./history-functions.js";
import { merge } from "./import-merge.js";
import { store } from "./import-store.js";

/** So many records go to the server with one statement. */
const batchSize = 500;

/** To be called in a transaction: whatever it throws takes everything back. */
export async function importAll(
  session: Session,
  records: Iterable<StoredRecord>,
  place: (experiment: StoredExperiment) => Destination,
): Promise<ImportTally> {
  const tally = startTally();
  const placed = new Map<number, Placed>();
  for (const batch of batches(records)) {
    const [first] = batch;
    if (first.kind === "experiment") {
      const placing = { record: first, destination: place(first), placed, tally };
      placed.set(first.experiment, await placeExperiment(session, placing));
      continue;
    }
    const target = placeOf(first, placed);
    const belongings = batch as readonly Belonging[];
    if (target.kind === "create") tally.trials += await store(session, target.experimentId, belongings);
    if (target.kind === "merge") await merge(session, target, { belongings, tally });
  }
  // Neither `store` nor `merge` counts what it does.
  for (const { kind, experimentId } of placed.values()) {
    if (kind !== "skip") await session.rows("select orion.recount($1)", [experimentId]);
  }
  return tally;
}

/** Records that follow each other and are of one kind and one experiment. */
function* batches(records: Iterable<StoredRecord>): Generator<readonly [StoredRecord, ...StoredRecord[]]> {
  let batch: [StoredRecord, ...StoredRecord[]] | undefined;
  for (const record of records) {
    const joins = batch !== undefined && batch.length < batchSize && isAlike(batch[0], record);
    if (batch !== undefined && joins) {
      batch.push(record);
      continue;
    }
    if (batch !== undefined) yield batch;
    batch = [record];
  }
  if (batch !== undefined) yield batch;
}

function isAlike(one: StoredRecord, other: StoredRecord): boolean {
  return one.kind !== "experiment" && one.kind === other.kind && one.experiment === other.experiment;
}

interface Placing {
  readonly record: StoredExperiment;
  readonly destination: Destination;
  readonly placed: ReadonlyMap<number, Placed>;
  readonly tally: Tally;
}

async function placeExperiment(session: Session, { record, destination, placed, tally }: Placing): Promise<Placed> {
  const numbers = new Map<number, number>();
  if (destination.kind === "create") {
    tally.created++;
    const experimentId = await create(session, { record, destination, placed });
    return { kind: "create", experimentId, numbers, revision: async () => record.revision };
  }
  const { kind, experimentId } = destination;
  tally[kind === "merge" ? "merged" : "skipped"]++;
  if (kind === "merge") {
    await session.rows("select orion.lock_history($1)", [experimentId]);
    // Positions of reports become visible in their order, see `add_reports`.
    await session.rows(`select pg_advisory_xact_lock(${lockSpace + 1}, $1::integer)`, [experimentId]);
  }
  let revision: number | undefined;
  return {
    kind,
    experimentId,
    numbers,
    revision: async () => {
      revision ??= (await session.rows<{ r: number }>("select orion.advance($1) as r", [experimentId]))[0]!.r;
      return revision;
    },
  };
}

interface Creation extends Pick<Placing, "record" | "placed"> {
  readonly destination: Destination & { readonly kind: "create" };
}

async function create(session: Session, { record, destination, placed }: Creation): Promise<number> {
  const { version, replaces } = destination;
  if (replaces !== undefined) {
    // Whoever waits for its news hears of the end. It goes only after its children have found their new parent.
    await session.rows("select orion.lock_history($1), orion.advance($1)", [replaces]);
    await session.rows("update orion.experiments set version = -version where id = $1", [replaces]);
  }
  const parent = record.parent && placed.get(record.parent.experiment);
  const link = parent && { experimentId: parent.experimentId, adapters: record.parent!.adapters };
  const [made] = await session.rows<{ id: number }>(
    `insert into orion.experiments (name, version, definition, direction, max_trials, max_broken, working_dir, parent,
                                    definition_revision, created_time)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (name, version) do nothing returning id`,
    [
      record.name,
      version,
      JSON.stringify(record.definition),
      record.definition.direction,
      limitToSql(record.maxTrials),
      limitToSql(record.maxBroken),
      record.workingDir,
      link === undefined ? null : JSON.stringify(link),
      record.definitionRevision,
      record.createdTime,
    ],
  );
  if (made === undefined) {
    throw new ConflictError(`Experiment "${record.name}" version ${version} already exists.`);
  }
  await session.rows(
    `insert into orion.histories (experiment, revision, rewritten_revision, next_number, first_start, last_end)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      made.id,
      record.revision,
      record.rewrittenRevision,
      record.nextNumber,
      record.firstStart ?? null,
      record.lastEnd ?? null,
    ],
  );
  if (replaces !== undefined) await takePlace(session, { id: made.id, replaces });
  return made.id;
}

interface Succession {
  readonly id: number;
  readonly replaces: number;
}

async function takePlace(session: Session, { id, replaces }: Succession): Promise<void> {
  const children = await session.rows<{ id: number; parent: string }>(
    "select id, parent from orion.experiments where (parent::json ->> 'experimentId')::bigint = $1 for no key update",
    [replaces],
  );
  for (const child of children) {
    const parent = JSON.stringify({ ...JSON.parse(child.parent), experimentId: id });
    await session.rows("update orion.experiments set parent = $2 where id = $1", [child.id, parent]);
  }
  for (const table of ["trials", "histories"]) {
    await session.rows(`delete from orion.${table} where experiment = $1`, [replaces]);
  }
  await session.rows("delete from orion.experiments where id = $1", [replaces]);
}
