import { inspect } from "node:util";
import { UsageError } from "../errors.js";
import { isDone } from "../experiment/is-done.js";
import type { Space } from "../space/dimension.js";
import { bareName } from "../space/parse-space.js";
import type { ExperimentRecord, Storage } from "../storage/storage.js";
import { type TrialStatus, trialStatuses } from "../trial/trial.js";
import type { TrialRoot } from "../worker/trial-directory/trial-root.js";
import { type ClientTrial, idOf, viewTrial } from "./client-trial.js";
import type { ExperimentReader } from "./experiment-client.js";
import { columnsOf, rowOf } from "./rows.js";
import { type ExperimentStats, statsOf } from "./stats.js";

interface QueryOptions {
  readonly storage: Storage;
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly root: TrialRoot;
  /** True once the algorithm said that it has nothing left, which the numbers alone do not tell. */
  readonly isExhausted: () => boolean;
  /** Which limit of the search is reached, if one is. */
  readonly reachedLimit: () => Promise<string | undefined>;
}

export type Queries<Params> = Pick<
  ExperimentReader<Params>,
  | "columns"
  | "fetchTrials"
  | "fetchTrialsByStatus"
  | "fetchPendingTrials"
  | "fetchNoncompletedTrials"
  | "getTrial"
  | "stats"
  | "isDone"
  | "isBroken"
  | "toRows"
>;

/** The questions to an experiment, each answered by the database. */
export function queriesOf<Params>({
  storage,
  record,
  space,
  root,
  isExhausted,
  reachedLimit,
}: QueryOptions): Queries<Params> {
  const list = async (statuses?: readonly TrialStatus[]): Promise<ClientTrial<Params>[]> => {
    const trials = await storage.listTrials(record.id, statuses === undefined ? {} : { statuses });
    return trials.map((trial) => viewTrial<Params>(trial, root));
  };
  const stats = async (): Promise<ExperimentStats<Params>> => {
    // Its limits may have been changed since it was opened.
    const current = (await storage.getExperiment(record.name, record.version)) ?? record;
    const summary = await storage.summarize(record.id);
    const isOver = isExhausted() || isDone(current, space, summary) || (await reachedLimit()) !== undefined;
    return statsOf({ record: current, summary, isDone: isOver });
  };
  return {
    columns: columnsOf(space.dimensions.map(({ name }) => bareName(name))),
    fetchTrials: () => list(),
    fetchTrialsByStatus: async (...statuses) => {
      for (const status of statuses) requireStatus(status);
      return list(statuses);
    },
    fetchPendingTrials: () => list(["new", "interrupted", "suspended"]),
    fetchNoncompletedTrials: () => list(trialStatuses.filter((status) => status !== "completed")),
    getTrial: async (ref) => {
      const trial = await storage.getTrial(record.id, idOf(ref));
      return trial && viewTrial<Params>(trial, root);
    },
    stats,
    isDone: async () => (await stats()).isDone,
    isBroken: async () => (await stats()).isBroken,
    toRows: async () => (await list()).map((trial) => rowOf(trial as ClientTrial<Params & object>)),
  };
}

/** A program in JavaScript may say anything, and a misspelt status would be one that no trial has. */
function requireStatus(status: unknown): void {
  if (trialStatuses.some((known) => known === status)) return;
  throw new UsageError(`There is no status ${inspect(status)} of a trial.`, `They are ${trialStatuses.join(", ")}.`);
}
