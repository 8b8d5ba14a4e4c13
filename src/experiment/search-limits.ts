import { foldHistory } from "../algorithms/fold-history.js";
import type { Definition, SearchLimits } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import type { HistoryView } from "./history.js";

interface LimitSource {
  /** Reads the history, see `followHistory`. It is asked only where there are limits. */
  readonly follow: () => Promise<HistoryView>;
  readonly definition: Pick<Definition, "direction" | "limits">;
}

/**
 * Tells which limit of its search an experiment has reached, as a sentence, or `undefined` while it may go on.
 *
 * Each call looks only at what is new. Trials that run when a limit is reached go on to their ends, so with many workers
 * a few more are completed; the number of trials is the one limit that is exact.
 */
export function createLimitCheck({ follow, definition }: LimitSource): () => Promise<string | undefined> {
  const { direction, limits = {} } = definition;
  if (Object.keys(limits).length === 0) return async () => undefined;
  const cache = new Map<string, unknown>();
  return async () => {
    const { finished } = await follow();
    const progress = foldHistory({ history: finished, cache }, { name: "progress", make: noProgress, add });
    return reachedLimit(progress, { direction, limits });
  };
}

function reachedLimit(
  { best, sinceBest, spent, first, last }: Progress,
  { direction, limits }: { readonly direction: Definition["direction"]; readonly limits: SearchLimits },
): string | undefined {
  const { target, patience, seconds, cost } = limits;
  const sign = direction === "maximize" ? -1 : 1;
  const elapsed = Math.max(0, last - first) / 1000;
  if (target !== undefined && best <= sign * target) return `The target ${target} is reached.`;
  if (patience !== undefined && sinceBest >= patience) return `No improvement in ${sinceBest} trials.`;
  if (seconds !== undefined && elapsed >= seconds) return `The time of ${seconds} seconds is over.`;
  if (cost !== undefined && spent >= cost) return `The trials have cost ${Number(spent.toPrecision(6))} of ${cost}.`;
  return undefined;
}

/** What the finished trials add up to. */
interface Progress {
  /** To be minimised. */
  best: number;
  /** Completed trials after the best one. */
  sinceBest: number;
  spent: number;
  /** Earliest start and latest end, in milliseconds by the database's clock. */
  first: number;
  last: number;
}

const noProgress = (): Progress => ({
  best: Number.POSITIVE_INFINITY,
  sinceBest: 0,
  spent: 0,
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
});

function add(progress: Progress, trial: Trial): void {
  progress.spent += costOf(trial);
  progress.first = Math.min(progress.first, trial.startTime ?? progress.first);
  progress.last = Math.max(progress.last, trial.endTime ?? progress.last);
  if (trial.status !== "completed") return;
  const isBetter = trial.objective !== undefined && trial.objective < progress.best;
  if (isBetter) progress.best = trial.objective;
  progress.sinceBest = isBetter ? 0 : progress.sinceBest + 1;
}

/** What the program says it has cost, else the seconds that it ran. */
function costOf({ results, startTime, endTime }: Trial): number {
  const told = results.find(({ name, type }) => name === "cost" && type === "statistic")?.value;
  if (typeof told === "number" && Number.isFinite(told)) return told;
  return startTime === undefined || endTime === undefined ? 0 : Math.max(0, endTime - startTime) / 1000;
}
