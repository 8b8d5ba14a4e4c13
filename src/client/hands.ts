import { inspect } from "node:util";
import { AlreadyReleasedError, InvalidResultError, NotFoundError, NotReservedError, UsageError } from "../errors.js";
import { requireReport } from "../executors/call-context.js";
import type { KeepLease } from "../experiment/experiment.js";
import type { ExperimentRecord, LeaseKey, Storage } from "../storage/storage.js";
import type { Trial, WorkerId } from "../trial/trial.js";
import { leaseOf, type Pacemaker, startPacemaker } from "../worker/pacemaker.js";
import { type Reported, readReturned } from "../worker/read-returned.js";
import type { Reporter } from "../worker/report.js";
import type { TrialReports } from "../worker/report-book.js";
import type { ReportWatch } from "../worker/report-watch.js";
import { stoppedEarly } from "../worker/stopped-early.js";
import { prepareTrialDirectory, removeTrialDirectory } from "../worker/trial-directory/trial-directory.js";
import type { TrialRoot } from "../worker/trial-directory/trial-root.js";
import { idOf, type SuggestedTrial, type TrialRef, viewTrial } from "./client-trial.js";

/**
 * What became of a result: see `Storage.finishTrial`; `spooled` means that it waits in a file for the database, `nowhere`
 * that no file took it either.
 */
export type Fate = "completed" | "kept" | "removed" | "spooled" | "nowhere";

/** How a trial may be given back without a result. */
export type ReleaseStatus = (typeof releaseStatuses)[number];

const releaseStatuses = ["interrupted", "suspended", "broken"] as const;

/** The trials that a client has taken and not yet given back; one pacemaker keeps all their leases. */
export interface Hands<Params> {
  readonly count: number;
  take(trial: Trial): SuggestedTrial<Params>;
  /** The trial, if it is in our hands. */
  find(trial: TrialRef): SuggestedTrial<Params> | undefined;
  /** @throws {InvalidResultError} when it is none; the trial stays in our hands. */
  observe(trial: TrialRef, reported: Reported): Promise<Fate>;
  release(trial: TrialRef, status: ReleaseStatus, reason?: string): Promise<void>;
  /** Keep the lease of what is no trial yet. */
  readonly keep: KeepLease;
  /** Renew leases that are overdue, after the machine slept. */
  catchUp(): Promise<void>;
  /** Release all that is left as interrupted. */
  empty(): Promise<void>;
}

interface HandsOptions {
  readonly storage: Storage;
  readonly record: ExperimentRecord;
  readonly worker: WorkerId;
  readonly heartbeatMs: number;
  readonly root: TrialRoot;
  readonly reporter: Reporter;
  readonly reports: ReportWatch;
  readonly onTrouble: (error: unknown) => void;
  readonly onRecovered: () => void;
  readonly now: () => number;
}

interface Held<Params> {
  readonly trial: Trial;
  readonly shown: SuggestedTrial<Params>;
  readonly reports: TrialReports;
  readonly letGo: () => void;
  hasDirectory: boolean;
}

export function openHands<Params>(options: HandsOptions): Hands<Params> {
  const { storage, record, root, reporter, reports } = options;
  const held = new Map<string, Held<Params>>();
  /** Trials that were in our hands, as long as the program remembers them. */
  const given = new WeakSet<object>();
  let pacemaker: Pacemaker | undefined;

  const keep = (lease: LeaseKey, onLost = () => {}) => {
    pacemaker ??= startPacemaker({ ...options, leaseMs: options.heartbeatMs });
    return pacemaker.hold(lease, onLost).letGo;
  };

  const take = (trial: Trial): SuggestedTrial<Params> => {
    const lost = new AbortController();
    const watched = reports.watch(trial, { stop: () => {} });
    const letGo = keep(leaseOf(trial), () => {
      if (held.get(trial.id) === entry) lost.abort(); // else it is being given back, and then its lease is nobody's
    });
    const shown = withDirectory(viewTrial<Params>(trial, root), {
      makeDirectory: () => {
        entry.hasDirectory = true;
        return prepareTrialDirectory(root, trial).directory; // its results file tells others that we are in it
      },
      signal: lost.signal,
      reports: watched,
      dispose: async () => {
        // One that was lost needs no release, and a block should not fail at its end.
        if (held.get(trial.id) === entry) await giveBack(trial, () => reporter.release(trial, "interrupted"));
      },
    });
    const entry: Held<Params> = { trial, shown, reports: watched, letGo, hasDirectory: trial.epoch > 1 };
    held.set(trial.id, entry);
    given.add(shown);
    return shown;
  };

  /** Out of our hands: nobody can hand it in twice. The lease is kept until it is given back. */
  const giveUp = async (trial: TrialRef): Promise<Held<Params>> => {
    const entry = held.get(idOf(trial));
    if (entry === undefined) throw await whyNotHeld(trial);
    held.delete(entry.trial.id);
    return entry;
  };

  const giveBack = async <T>(trial: TrialRef, give: (entry: Held<Params>) => Promise<T>): Promise<T> => {
    const entry = await giveUp(trial);
    try {
      const answer = await give(entry);
      entry.letGo();
      return answer;
    } catch (error) {
      if (!held.has(entry.trial.id)) held.set(entry.trial.id, entry);
      throw error;
    }
  };

  const observe = async (trial: TrialRef, reported: Reported): Promise<Fate> => {
    const results = readReturned(reported);
    if (typeof results === "string") {
      throw new InvalidResultError(`Trial ${idOf(trial)} was not observed: what was reported is ${results}`);
    }
    return giveBack(trial, async (entry) => {
      const early = stoppedEarly(await entry.reports.finish(), () => results);
      const fate = await reporter.finish(entry.trial, early ?? { kind: "completed", results });
      if (fate === "completed" && entry.hasDirectory) removeTrialDirectory(root, entry.trial);
      return fate;
    });
  };

  const release = async (trial: TrialRef, status: ReleaseStatus, reason = "Released as broken."): Promise<void> => {
    requireRelease(status, reason);
    const failure = status === "broken" ? { reason } : undefined;
    const isOurs = await giveBack(trial, (entry) => reporter.release(entry.trial, status, failure));
    if (!isOurs) throw notReserved(idOf(trial), "somebody else had taken it over meanwhile");
  };

  const whyNotHeld = async (trial: TrialRef): Promise<Error> => {
    const id = idOf(trial);
    if (typeof trial === "object" && given.has(trial)) {
      return new AlreadyReleasedError(`Trial ${id} was observed or released before.`, "Suggest or reserve it anew.");
    }
    const stored = await storage.getTrial(record.id, id);
    if (stored !== undefined) return notReserved(id, `it is ${stored.status}`);
    return new NotFoundError(`There is no trial ${id} in experiment "${record.name}".`, "fetchTrials() lists them.");
  };

  return {
    get count() {
      return held.size;
    },
    take,
    keep,
    find: (trial) => held.get(idOf(trial))?.shown,
    observe,
    release,
    catchUp: async () => {
      if (held.size > 0) await pacemaker?.catchUp();
    },
    empty: async () => {
      const left = [...held.values()];
      held.clear();
      // A lease that cannot be given back runs out by itself.
      await Promise.allSettled(left.map(({ trial }) => reporter.release(trial, "interrupted")));
      pacemaker?.stop();
    },
  };
}

/** A program in JavaScript may say anything, and what is stored is there for all workers. */
function requireRelease(status: unknown, reason: unknown): void {
  if (!releaseStatuses.some((known) => known === status)) {
    throw new UsageError(
      `A trial cannot be released as ${inspect(status)}.`,
      `Release it as one of ${releaseStatuses.join(", ")}; a result is told with observe().`,
    );
  }
  if (typeof reason !== "string") {
    throw new UsageError(`The reason of a broken trial is ${inspect(reason)}.`, "Give a text.");
  }
}

function notReserved(id: string, why: string): NotReservedError {
  return new NotReservedError(
    `Trial ${id} is not reserved by this client: ${why}.`,
    "Only the client that took a trial, with suggest() or reserve(), can observe or release it.",
  );
}

interface Handle {
  readonly makeDirectory: () => string;
  readonly signal: AbortSignal;
  readonly dispose: () => Promise<void>;
  readonly reports: TrialReports;
}

function withDirectory<Params>(
  trial: ReturnType<typeof viewTrial<Params>>,
  { makeDirectory, signal, reports, dispose }: Handle,
): SuggestedTrial<Params> {
  let directory: string | undefined;
  return {
    ...trial,
    get workingDir() {
      directory ??= makeDirectory();
      return directory;
    },
    signal,
    report: (step, value) => {
      requireReport(step, value);
      return reports.add([{ step, value }]);
    },
    get shouldStop() {
      return reports.stopped !== undefined;
    },
    [Symbol.asyncDispose]: dispose,
  };
}
