import type { Definition, SearchLimits, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { followHistory } from "./history.js";

interface LimitSource {
  readonly storage: Storage;
  readonly experimentId: number;
  readonly definition: Pick<Definition, "direction" | "limits">;
}

/**
 * Tells which limit of its search an experiment has reached, as a sentence, or `undefined` while it may go on.
 *
 * Each call reads only what changed. Trials that run when a limit is reached go on to their ends, so with many workers a
 * few more are completed; the number of trials is the one limit that is exact.
 */
export function createLimitCheck(source: LimitSource): () => Promise<string | undefined> {
  const { storage, experimentId, definition } = source;
  const { direction, limits = {} } = definition;
  if (Object.keys(limits).length === 0) return async () => undefined;
  const follow = followHistory({ storage, experimentId, direction });
  return async () => reachedLimit((await follow()).finished, { direction, limits });
}

/** @param finished - Completed and broken trials as they finished, their objectives to be minimised. */
export function reachedLimit(
  finished: readonly Trial[],
  { direction, limits }: { readonly direction: Definition["direction"]; readonly limits: SearchLimits },
): string | undefined {
  const { target, patience, seconds, cost } = limits;
  const sign = direction === "maximize" ? -1 : 1;
  const { best, sinceBest, spent, elapsed } = progressOf(finished);
  if (target !== undefined && best <= sign * target) return `The target ${target} is reached.`;
  if (patience !== undefined && sinceBest >= patience) return `No improvement in ${sinceBest} trials.`;
  if (seconds !== undefined && elapsed >= seconds) return `The time of ${seconds} seconds is over.`;
  if (cost !== undefined && spent >= cost) return `The trials have cost ${Number(spent.toPrecision(6))} of ${cost}.`;
  return undefined;
}

interface Progress {
  readonly best: number;
  /** Completed trials after the best one. */
  readonly sinceBest: number;
  readonly spent: number;
  /** Seconds by the database's clock, up to the last end. */
  readonly elapsed: number;
}

function progressOf(finished: readonly Trial[]): Progress {
  let best = Number.POSITIVE_INFINITY;
  let sinceBest = 0;
  let spent = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const trial of finished) {
    spent += costOf(trial);
    first = Math.min(first, trial.startTime ?? first);
    last = Math.max(last, trial.endTime ?? last);
    if (trial.status !== "completed") continue;
    const isBetter = trial.objective !== undefined && trial.objective < best;
    if (isBetter) best = trial.objective;
    sinceBest = isBetter ? 0 : sinceBest + 1;
  }
  return { best, sinceBest, spent, elapsed: last > first ? (last - first) / 1000 : 0 };
}

/** What the program says it has cost, else the seconds that it ran. */
function costOf({ results, startTime, endTime }: Trial): number {
  const told = results.find(({ name, type }) => name === "cost" && type === "statistic")?.value;
  if (typeof told === "number" && Number.isFinite(told)) return told;
  return startTime === undefined || endTime === undefined ? 0 : Math.max(0, endTime - startTime) / 1000;
}
