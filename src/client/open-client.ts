import { setMaxListeners } from "node:events";
import type { Experiment } from "../experiment/experiment.js";
import { followHistory } from "../experiment/history.js";
import { nameTheGone } from "../experiment/name-the-gone.js";
import { createLimitCheck } from "../experiment/search-limits.js";
import { bareName, parseSpace } from "../space/parse-space.js";
import { printDimension } from "../space/print-dimension.js";
import { resolveRule } from "../stopping/resolve-rule.js";
import type { ExperimentRecord } from "../storage/storage.js";
import { createReporter } from "../worker/report.js";
import { createReportWatch } from "../worker/report-watch.js";
import { handInSpooled } from "../worker/spool.js";
import { spoolFolders, spoolPlace } from "../worker/spool-place.js";
import { removeEmptyRoot } from "../worker/trial-directory/trial-directory.js";
import { trialRoot } from "../worker/trial-directory/trial-root.js";
import { createWorkerId } from "../worker/worker-id.js";
import type { Mode } from "./access.js";
import { guardCalls } from "./calls.js";
import type { TrialRef } from "./client-trial.js";
import { type ExecutorChoice, keepExecutors } from "./executor-choice.js";
import type { ExperimentClient, ReleaseOptions } from "./experiment-client.js";
import { openHands, type ReleaseStatus } from "./hands.js";
import { readCallable, type WorkonOptions, workonOptions } from "./objective.js";
import { queriesOf } from "./queries.js";
import { type NamesOf, requireOptions } from "./require-options.js";
import { reservationsOf } from "./reservations.js";
import type { SuggestOptions } from "./suggest.js";
import { warningsOf } from "./warnings.js";
import { type OpenReports, workon } from "./workon.js";
import type { OpenedStorage, Setup } from "./world.js";

export interface ClientSettings {
  /** Seconds without a sign of life after which others may take a trial over. */
  readonly heartbeat?: number;
  /** Seconds to wait where there is nothing to do. */
  readonly idleTimeout?: number;
  /** Where `workon` runs functions. */
  readonly executor?: ExecutorChoice;
}

interface ClientParts {
  readonly setup: Setup;
  readonly opened: OpenedStorage;
  readonly record: ExperimentRecord;
  readonly mode: Mode;
  /** Needed in mode `x` only. */
  readonly experiment: Experiment | undefined;
  readonly settings: ClientSettings;
}

/** A client for a stored experiment, in any mode; what the mode forbids is refused by the methods themselves. */
export async function openClient<Params>(parts: ClientParts): Promise<ExperimentClient<Params>> {
  const { setup, opened, record, mode, settings } = parts;
  const { world } = setup;
  const { storage } = opened;
  const space = parseSpace(record.definition.space);
  const continuesTrials = parts.experiment?.continuesTrials;
  const root = trialRoot({ cacheDirectory: setup.directories.cache, record, continuesTrials });
  const seconds = (key: "worker.heartbeat" | "worker.idle_timeout", name: string, value: number | undefined) =>
    1000 * setup.pick(key, { name, value });
  const heartbeatMs = seconds("worker.heartbeat", "heartbeat", settings.heartbeat);
  const idleTimeoutMs = seconds("worker.idle_timeout", "idleTimeout", settings.idleTimeout);
  const worker = createWorkerId({ pid: world.pid, nonce: world.randomHex(8) });
  const warnings = warningsOf(world.warn);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // one for each call that waits; Node takes the eleventh for a leak
  const closed = new Promise((resolve) => closing.signal.addEventListener("abort", resolve));
  const reporter = createReporter({
    experiment: { storage, record },
    signal: closing.signal,
    spoolOf: (trial) => spoolPlace(root, trial),
    events: warnings,
  });
  const openReports = await reportsOf(parts);
  const reports = openReports(storage);
  const hands = openHands<Params>({
    ...{ reports, storage, record, worker, heartbeatMs, root, reporter },
    onTrouble: warnings.trouble,
    onRecovered: warnings.recovered,
    now: world.now,
  });
  const calls = guardCalls({
    ...{ mode, closing: closing.signal },
    explain: (error) => nameTheGone(error, record, storage.url),
  });
  const { method } = calls;
  const reservations = reservationsOf<Params>({
    ...{ storage, record, space, root, worker, heartbeatMs, idleTimeoutMs, hands },
    ...{ closing: closing.signal, linger: calls.linger },
  });
  const queries = queriesOf<Params>({
    ...{ storage, record, space, root },
    isExhausted: () => reservations.isExhausted,
    reachedLimit: limitCheckOf(parts),
  });
  /** The client's own, and those for a while; the last one counts. */
  let executors = [keepExecutors(settings.executor ?? configuredExecutor(setup))];

  const runWorkon = async (given: unknown, options: WorkonOptions<Params> & { readonly exportName?: string }) => {
    requireOptions("workon", options, workonOptions);
    const { executor, exportName } = options;
    const callable = readCallable(given, { exportName, directory: world.directory });
    await using ofCall = executor === undefined ? undefined : keepExecutors(executor);
    const { lend } = ofCall ?? executors.at(-1)!;
    const { signal } = options;
    return await workon<Params>({
      ...{ setup, root, warnings, openReports, callable, options, heartbeatMs },
      experiment: parts.experiment!,
      idleTimeoutMs: seconds("worker.idle_timeout", "idleTimeout", options.idleTimeout ?? settings.idleTimeout),
      lendExecutor: (nWorkers) => lend({ nWorkers, kind: callable.kind }),
      signal: signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]),
      closing: closed,
    });
  };

  const closeAll = async (): Promise<void> => {
    closing.abort(new TypeError("The client was closed."));
    parts.experiment?.close(); // a program that thinks for long would keep the calls
    await calls.ended();
    await hands.empty();
    await Promise.all(executors.map((one) => one[Symbol.asyncDispose]()));
    reports.close();
    parts.experiment?.close();
    if (mode !== "r") removeEmptyRoot(root);
    if (opened.isOwn) await storage.close();
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => {
    ended ??= closeAll();
    return ended;
  };

  if (mode === "x") await handInSpooled({ folders: spoolFolders(root), storage });
  const { definition, name, version, id, maxTrials, maxBroken, workingDir, parent } = record;
  const { algorithm, direction, metadata } = definition;
  return {
    ...{ name, version, id, mode, maxTrials, maxBroken, algorithm, direction, metadata, workingDir, parent, storage },
    space: Object.fromEntries(space.dimensions.map((one) => [bareName(one.name), printDimension(one)])),
    columns: queries.columns,
    fetchTrials: method("fetchTrials", "r", queries.fetchTrials),
    fetchTrialsByStatus: method("fetchTrialsByStatus", "r", queries.fetchTrialsByStatus),
    fetchPendingTrials: method("fetchPendingTrials", "r", queries.fetchPendingTrials),
    fetchNoncompletedTrials: method("fetchNoncompletedTrials", "r", queries.fetchNoncompletedTrials),
    getTrial: method("getTrial", "r", queries.getTrial),
    stats: method("stats", "r", queries.stats),
    isDone: method("isDone", "r", queries.isDone),
    isBroken: method("isBroken", "r", queries.isBroken),
    toRows: method("toRows", "r", queries.toRows),

    insert: method("insert", "w", reservations.insert) as ExperimentClient<Params>["insert"],
    release: method("release", "w", async (trial: TrialRef, status?: ReleaseStatus, options: ReleaseOptions = {}) => {
      requireOptions("release", options, releaseOptions);
      await hands.release(trial, status ?? "interrupted", options.reason);
    }),
    suggest: method("suggest", "x", (options?: SuggestOptions) => reservations.suggest(parts.experiment!, options)),
    reserve: method("reserve", "x", reservations.reserve),
    observe: method("observe", "x", hands.observe),
    workon: method("workon", "x", (given: unknown, options: object = {}) => runWorkon(given, options)),
    tmpExecutor: (choice) => {
      calls.require("tmpExecutor", "x");
      const forNow = keepExecutors(choice);
      executors = [...executors, forNow];
      return {
        [Symbol.asyncDispose]: async () => {
          executors = executors.filter((one) => one !== forNow);
          await forNow[Symbol.asyncDispose]();
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const releaseOptions: NamesOf<ReleaseOptions> = { reason: true };

/** @throws {UnknownNameError} for a rule that this version does not have. */
async function reportsOf({ setup, record, mode }: ClientParts): Promise<OpenReports> {
  const { stopping } = record.definition;
  const rule = stopping === undefined || mode !== "x" ? undefined : await resolveRule(stopping);
  return (storage) => createReportWatch({ storage, record, rule, onNote: setup.world.warn });
}

/** Who works on the experiment has read its history already. */
function limitCheckOf({ experiment, opened: { storage }, record }: ClientParts): () => Promise<string | undefined> {
  if (experiment !== undefined) return experiment.reachedLimit;
  const { id: experimentId, definition } = record;
  const follow = followHistory({ storage, experimentId, direction: definition.direction });
  return createLimitCheck({ follow, definition });
}

/** What the user set up for all programs; `undefined` where nothing was. */
function configuredExecutor(setup: Setup): ExecutorChoice | undefined {
  if (!setup.isSet("worker.executor")) return undefined;
  const name = setup.pick("worker.executor", { name: "executor", value: undefined });
  return { name, configuration: setup.pick("worker.executor_configuration", { name: "executor", value: undefined }) };
}
