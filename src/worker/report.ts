import { setTimeout as pause } from "node:timers/promises";
import { StorageError } from "../errors.js";
import type { Failure, Trial } from "../trial/trial.js";
import { leaseOf } from "./pacemaker.js";
import { discardResult, keepResult, spooledResult } from "./spool.js";
import type { SpoolPlace } from "./spool-place.js";
import type { Verdict } from "./verdict.js";
import type { WorkerExperiment } from "./worker-experiment.js";
import type { WorkerEvents } from "./worker-options.js";

interface ReporterOptions {
  readonly experiment: Pick<WorkerExperiment, "storage" | "record">;
  readonly signal: AbortSignal;
  /** Where results wait while the database is away. */
  readonly spoolOf: (trial: Trial) => SpoolPlace;
  readonly events: Pick<WorkerEvents, "trouble" | "recovered" | "spooled" | "nowhere">;
  /** Milliseconds that results which no file takes are held on to after a stop. Default 20 000. */
  readonly lastHopeMs?: number;
}

type Completed = Extract<Verdict, { readonly kind: "completed" }>;

/** Hands outcomes to the database, which may be away for a while. */
export interface Reporter {
  /**
   * Record results. They are in a file before the first retry, so they survive whatever happens to this process. If no
   * folder takes the file either, each retry tries that again, and there are retries until one of the two has them, also for
   * a while after the worker was told to stop: even what looks hopeless is better than to throw away an evaluation.
   * `nowhere`: in the end neither has.
   */
  finish(trial: Trial, completed: Completed): Promise<"completed" | "kept" | "removed" | "spooled" | "nowhere">;
  /**
   * End a lease without results. Without an answer it simply runs out.
   * @returns False when the lease was lost before: what happened here does not count.
   */
  release(trial: Trial, status: "interrupted" | "suspended" | "broken" | "new", failure?: Failure): Promise<boolean>;
}

const firstBackoffMs = 50;
/** After we were told to stop, the database gets this long to come back … */
const lastTriesMs = 2000;
/** … and it, or a folder, to take results that would be lost: less than the 30 seconds in which a batch system kills. */
const longestHopeMs = 20_000;

export function createReporter(options: ReporterOptions): Reporter {
  const { experiment, signal, spoolOf, events, lastHopeMs = longestHopeMs } = options;
  const { storage, record } = experiment;

  /**
   * Call again and again with growing pauses; `undefined` when it has to be given up.
   *
   * @param mayGiveUp - Whether to do so at an error that no retry is likely to mend, and soon after a stop.
   */
  async function insist<T>(work: () => Promise<T>, mayGiveUp = () => true): Promise<T | undefined> {
    let stoppedAt: number | undefined;
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, 5000)) {
      try {
        const answer = await work();
        if (backoffMs > firstBackoffMs) events.recovered();
        return answer;
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        events.trouble(error);
        if (!error.retryable && mayGiveUp()) return undefined;
      }
      if (signal.aborted) stoppedAt ??= performance.now();
      const patienceMs = mayGiveUp() ? lastTriesMs : lastHopeMs;
      if (stoppedAt !== undefined && performance.now() - stoppedAt > patienceMs) return undefined;
      // A stop ends a long pause; after it the pauses are short, but pauses.
      if (stoppedAt === undefined) await pause(backoffMs, undefined, { signal }).catch(() => {});
      else await pause(Math.min(backoffMs, 200));
    }
  }

  return {
    async finish(trial, { results, stopped }) {
      const lease = leaseOf(trial);
      const how = stopped === undefined ? {} : { stoppedAt: stopped.at };
      let path: string | undefined;
      const handIn = async () => {
        try {
          return await storage.finishTrial(lease, results, how);
        } catch (error) {
          path ??= keepResult({
            ...spoolOf(trial),
            spooled: spooledResult(record, { lease, trial: trial.id, results, ...how }),
          });
          throw error;
        }
      };
      const fate = await insist(handIn, () => path !== undefined);
      if (fate === undefined) {
        if (path === undefined) events.nowhere(trial, results);
        else events.spooled(trial, path);
        return path === undefined ? "nowhere" : "spooled";
      }
      if (path !== undefined) discardResult(path);
      return fate;
    },

    async release(trial, status, failure) {
      return (await insist(() => storage.releaseTrial(leaseOf(trial), status, failure))) ?? true;
    },
  };
}
