import { IdleError, StorageError } from "../errors.js";
import type { KeepLease, NextTrial } from "../experiment/experiment.js";
import { lookForGone, takeoverMs } from "./gone-workers.js";
import type { WorkerOptions } from "./worker-options.js";

/** Before a database that is away is asked again; doubled each time, up to the longest. */
const firstBackoffMs = 100;
const longestBackoffMs = 5000;

interface WorkFinderOptions
  extends Pick<
    WorkerOptions,
    "experiment" | "worker" | "heartbeatMs" | "idleTimeoutMs" | "isGone" | "events" | "signal"
  > {
  readonly keep: KeepLease;
}

/** Finds something to do, and knows how long there has been nothing. */
export interface WorkFinder {
  /**
   * A trial, or why there is none.
   *
   * @param isIdle - Nothing runs: a database that is away is waited for.
   * @throws {StorageError} when it stays away for longer than the idle timeout, or answers what no retry mends.
   */
  claim(isIdle: boolean): Promise<NextTrial>;
  /** Something runs: from now on nothing has been missing. */
  busy(): void;
  /**
   * True when there has been nothing for longer than the idle timeout, and others are at work.
   *
   * @throws {IdleError} when nobody else is at work either.
   */
  isIdleTooLong(): Promise<boolean>;
  /** Resolves when the history changed, one of `ended` did, or it is time to look through the leases. */
  news(wait: { readonly reason: NextTrial; readonly ended: readonly Promise<void>[] }): Promise<void>;
}

export function createWorkFinder({
  experiment,
  worker,
  heartbeatMs,
  idleTimeoutMs,
  isGone,
  events,
  signal,
  keep,
}: WorkFinderOptions): WorkFinder {
  const { storage, record } = experiment;
  let idleSince: number | undefined;
  let isTroubled = false;

  const others = async () => (await storage.listOwners(record.id)).filter((owner) => owner !== worker);
  const goneWorkers = lookForGone({ owners: others, isGone });

  async function pause(ms: number, until: readonly Promise<unknown>[] = []): Promise<void> {
    const ended = new AbortController();
    const asleep = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      ended.signal.addEventListener("abort", wake);
      signal.addEventListener("abort", wake, { signal: ended.signal });
    });
    await Promise.race([asleep, ...until]);
    ended.abort();
  }

  return {
    async claim(isIdle) {
      for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, longestBackoffMs)) {
        try {
          const claim = { worker, leaseMs: heartbeatMs, goneWorkers: await goneWorkers() };
          const next = await experiment.nextTrial(claim, keep);
          if (next.kind === "trial") idleSince = undefined;
          if (isTroubled) events.recovered();
          isTroubled = false;
          return next;
        } catch (error) {
          // Who is told to stop may have let go of the algorithm while it thought.
          if (signal.aborted && !(error instanceof StorageError)) return { kind: "busy", revision: -1 };
          if (!(error instanceof StorageError) || !error.retryable) throw error;
          isTroubled = true;
          events.trouble(error);
          idleSince ??= performance.now();
          if (isIdle && performance.now() - idleSince > idleTimeoutMs) throw error;
          if (!isIdle || signal.aborted) return { kind: "busy", revision: -1 };
          await pause(backoffMs);
        }
      }
    },

    busy() {
      idleSince = undefined;
    },

    async isIdleTooLong() {
      idleSince ??= performance.now();
      if (performance.now() - idleSince < idleTimeoutMs) return false;
      const owners = await unlessAway(others(), undefined);
      if (owners === undefined) return false;
      if (owners.length > 0) return true;
      throw new IdleError(
        `Nothing could be started for ${idleTimeoutMs / 1000} seconds, though no other worker is at work.`,
        "The algorithm waits for results that nobody is producing: see `orion status`, and please report it.",
      );
    },

    async news({ reason, ended }) {
      const known = "revision" in reason ? reason.revision : undefined;
      // Without a revision there is nothing to watch: the space is used up, or the database is away.
      if (known === undefined || known < 0) return pause(takeoverMs, ended);
      const awake = new AbortController();
      const wake = () => awake.abort();
      signal.addEventListener("abort", wake, { signal: awake.signal });
      const told = storage.waitForNews(record.id, { since: known, timeoutMs: takeoverMs, signal: awake.signal });
      await Promise.race([told, ...ended]);
      wake();
    },
  };
}

/** The answer to a question that can wait: `assumed` while the database is away. */
export async function unlessAway<T, U>(answer: Promise<T>, assumed: U): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StorageError && error.retryable) return assumed;
    throw error;
  }
}
