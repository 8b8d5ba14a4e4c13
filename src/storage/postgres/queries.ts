import { trialStatuses } from "../../trial/trial.js";
import { unpackTrials } from "../packed-trials.js";
import { readInChunks } from "../read-in-chunks.js";
import { type HistoryRow, type TrialRow, trialFromRow } from "../rows.js";
import type { Storage, Summary } from "../storage.js";
import type { Connection } from "./connection.js";
import { throwGone, trialColumns } from "./history.js";
import { filterValues } from "./outcomes.js";

type QueryOperations = Pick<Storage, "getTrial" | "listTrials" | "readChanges" | "summarize" | "readRevision">;

/** A history that has no such trials gives one row whose columns of the trial are null. */
interface ListedRow extends TrialRow {
  history_revision: number;
}

export function queryOperations(db: Connection): QueryOperations {
  return {
    async getTrial(experimentId, idOrNumber) {
      const condition = typeof idOrNumber === "string" ? "id = $2" : "number = $2 and id is not null";
      const [row] = await db.rows<TrialRow>(
        `select ${trialColumns} from orion.trials t where experiment = $1 and ${condition}`,
        [experimentId, idOrNumber],
      );
      return row === undefined ? undefined : trialFromRow(row);
    },

    async listTrials(experimentId, filter = {}) {
      const rows = await db.rows<ListedRow>(
        `select h.revision as history_revision, ${trialColumns}
           from orion.histories h
           left join orion.trials t on t.experiment = h.experiment and t.id is not null
                and ($2::text[] is null or t.status = any ($2)) and ($3::text[] is null or t.id = any ($3))
          where h.experiment = $1 order by t.number`,
        [experimentId, ...filterValues(filter)],
      );
      if (rows.length === 0) throwGone(db, experimentId);
      return rows.filter((row) => row.id !== null).map(trialFromRow);
    },

    readChanges: (experimentId, since) =>
      readInChunks(since, async (from) => {
        const [row] = await db.rows<ChunkRow>("call orion.read_history($1, $2, null, null, null, null)", [
          experimentId,
          from,
        ]);
        if (row!.revision === null) return throwGone(db, experimentId);
        return {
          revision: row!.revision,
          rewrittenRevision: row!.rewritten_revision,
          trials: () => unpackTrials(experimentId, row!.packed),
          upTo: row!.up_to ?? undefined,
        };
      }),

    summarize: (experimentId) => summarize(db, experimentId),

    async readRevision(experimentId) {
      const [row] = await db.rows<{ revision: number }>("select revision from orion.histories where experiment = $1", [
        experimentId,
      ]);
      return row?.revision ?? throwGone(db, experimentId);
    },
  };
}

/** The revision is null when the experiment is gone. */
interface ChunkRow {
  revision: number | null;
  rewritten_revision: number;
  packed: string | null;
  up_to: number | null;
}

type SummaryRow = TrialRow & HistoryRow;

/** The index on (objective, number) serves both directions; the branch that is not the experiment's does not run. */
async function summarize(db: Connection, experimentId: number): Promise<Summary> {
  const first = (direction: string, order: string) => `
    (select b.* from orion.trials b
      where x.direction = '${direction}' and b.experiment = h.experiment and b.status = 'completed'
        and b.objective is not null order by b.objective ${order}, b.number limit 1)`;
  const [row] = await db.rows<SummaryRow>(
    `select h.*, ${trialColumns}
       from orion.histories h join orion.experiments x on x.id = h.experiment
       left join lateral (${first("minimize", "asc")} union all ${first("maximize", "desc")}) as t on true
      where h.experiment = $1`,
    [experimentId],
  );
  if (row === undefined) return throwGone(db, experimentId);
  return {
    counts: Object.fromEntries(trialStatuses.map((status) => [status, row[`n_${status}`]])) as Summary["counts"],
    best: row.id === null ? undefined : trialFromRow(row),
    firstStart: row.first_start ?? undefined,
    lastEnd: row.last_end ?? undefined,
  };
}
