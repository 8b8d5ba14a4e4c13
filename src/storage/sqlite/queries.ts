import { setTimeout } from "node:timers/promises";
import { ExperimentGoneError } from "../../errors.js";
import { trialStatuses } from "../../trial/trial.js";
import { type Dialect, packTrial, unpackTrials } from "../packed-trials.js";
import { type Chunk, chunkSize, readInChunks } from "../read-in-chunks.js";
import { experimentFromRow, type TrialRow, trialFromRow } from "../rows.js";
import type { Storage, Summary, Wait } from "../storage.js";
import type { Connection } from "./connection.js";
import { experimentRow, historyRow } from "./history.js";
import { filterSql } from "./outcomes.js";

type QueryOperations = Pick<
  Storage,
  "getTrial" | "listTrials" | "readChanges" | "summarize" | "readRevision" | "waitForNews"
>;

const withLate = `select *, (select json_group_array(results order by epoch) from late_results l
   where l.experiment = trials.experiment and l.number = trials.number) as late from trials`;

export function queryOperations(db: Connection): QueryOperations {
  const trials = (where: string, ...values: (string | number)[]) =>
    (db.sql(`${withLate} where ${where}`).all(...values) as TrialRow[]).map(trialFromRow);

  return {
    getTrial: (experimentId, idOrNumber) =>
      db.read(() => {
        const condition = typeof idOrNumber === "string" ? "id = ?" : "number = ? and id is not null";
        return trials(`experiment = ? and ${condition}`, experimentId, idOrNumber)[0];
      }),

    listTrials: (experimentId, filter = {}) =>
      db.read(() => {
        historyRow(db, experimentId); // throws when the experiment is gone
        const { where, values } = filterSql(experimentId, filter);
        return trials(`${where} order by number`, ...(values as (string | number)[]));
      }),

    readChanges: (experimentId, since) =>
      readInChunks(since, (from) => db.read(() => readChunk(db, experimentId, from))),

    summarize: (experimentId) => db.read(() => summarize(db, experimentId)),

    readRevision: (experimentId) => db.read(() => historyRow(db, experimentId).revision),

    waitForNews: (experimentId, wait) => waitForNews(db, experimentId, wait),
  };
}

const dialect: Dialect = {
  real: (column) => `iif(${column} is null, 'null', format('%!.17g', ${column}))`,
  text: (column) => `json_quote(${column})`,
};

const lateOf = `(select '[' || group_concat(l.results, ',' order by l.epoch) || ']' from late_results l
   where l.experiment = t.experiment and l.number = t.number)`;

const lastOfChunk = `
  select changed_revision from trials indexed by trials_by_change
   where experiment = ? and changed_revision > ? order by changed_revision limit 1 offset ${chunkSize - 1}`;

const packedChunk = `
  select '[' || group_concat('[' || trial || ']') || ']' as packed from (
    select ${packTrial(dialect, lateOf)} as trial from trials t indexed by trials_by_change
     where t.experiment = ? and t.changed_revision > ? and t.changed_revision <= ? and t.id is not null
     order by t.changed_revision, t.number limit -1)`; // with a limit, an order is kept

function readChunk(db: Connection, experimentId: number, since: number): Chunk {
  const history = historyRow(db, experimentId);
  const last = db.sql(lastOfChunk).get(experimentId, since) as { changed_revision: number } | undefined;
  const upTo = last?.changed_revision;
  const { packed } = db.sql(packedChunk).get(experimentId, since, upTo ?? Number.MAX_SAFE_INTEGER) as PackedRow;
  return {
    revision: history.revision,
    rewrittenRevision: history.rewritten_revision,
    trials: () => unpackTrials(experimentId, packed),
    upTo,
  };
}

interface PackedRow {
  packed: string | null;
}

function summarize(db: Connection, experimentId: number): Summary {
  const row = historyRow(db, experimentId);
  const { definition } = experimentFromRow(experimentRow(db, experimentId));
  const order = definition.direction === "maximize" ? "desc" : "asc";
  const best = db
    .sql(
      `${withLate} where experiment = ? and status = 'completed' and objective is not null
        order by objective ${order}, number limit 1`,
    )
    .get(experimentId) as TrialRow | undefined;
  return {
    counts: Object.fromEntries(trialStatuses.map((status) => [status, row[`n_${status}`]])) as Summary["counts"],
    best: best === undefined ? undefined : trialFromRow(best),
    firstStart: row.first_start ?? undefined,
    lastEnd: row.last_end ?? undefined,
  };
}

/** How often the file is asked whether anybody wrote to it. */
const pollMs = 100;

/**
 * SQLite tells nobody of a change, but it knows in a few microseconds and without a lock whether another connection has
 * written (`data_version`); only then the revision is read. Writes of this connection do not show there, so the
 * revision is read once at the beginning, and after each write of our own.
 */
async function waitForNews(db: Connection, experimentId: number, { since, timeoutMs, signal }: Wait): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let seen = Number.NaN;
  while (signal?.aborted !== true) {
    try {
      const state = db.changeMark();
      if (state !== seen) {
        seen = state;
        if ((await db.read(() => historyRow(db, experimentId).revision)) !== since) return;
      }
    } catch (error) {
      if (error instanceof ExperimentGoneError) return; // that is news, too
      // The database is away: whoever waits will find out when he asks for work.
    }
    const left = deadline - performance.now();
    if (left <= 0) return;
    await sleep(Math.min(left, pollMs), signal);
  }
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}); // aborted: awake at once
}
