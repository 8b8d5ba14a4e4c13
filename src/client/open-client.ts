import type { Experiment } from "../experiment/experiment.js";
import { bareName, parseSpace } from "../space/parse-space.js";
import { printDimension } from "../space/print-dimension.js";
import type { ExperimentRecord } from "../storage/storage.js";
import { createReporter } from "../worker/report.js";
import { handInSpooled } from "../worker/spool.js";
import { spoolFolders, spoolPlace } from "../worker/spool-place.js";
import { removeEmptyRoot, trialRoot } from "../worker/trial-directory.js";
import { createWorkerId } from "../worker/worker-id.js";
import { type Mode, requireMode } from "./access.js";
import { type ExecutorChoice, keepExecutor } from "./executor-choice.js";
import type { ExperimentClient } from "./experiment-client.js";
import { openHands } from "./hands.js";
import { readCallable, type WorkonOptions } from "./objective.js";
import { queriesOf } from "./queries.js";
import { reservationsOf } from "./reservations.js";
import { warningsOf } from "./warnings.js";
import { workon } from "./workon.js";
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
  const root = trialRoot({ cacheDirectory: setup.directories.cache, record });
  const seconds = (key: "worker.heartbeat" | "worker.idle_timeout", name: string, value: number | undefined) =>
    1000 * setup.pick(key, { name, value });
  const heartbeatMs = seconds("worker.heartbeat", "heartbeat", settings.heartbeat);
  const idleTimeoutMs = seconds("worker.idle_timeout", "idleTimeout", settings.idleTimeout);
  const worker = createWorkerId({ pid: world.pid, nonce: world.randomHex(8) });
  const warnings = warningsOf(world.warn);
  const closing = new AbortController();
  const places = (trial: Parameters<typeof spoolPlace>[1]) => spoolPlace(root, trial);
  const reporter = createReporter({
    experiment: { storage, record },
    signal: closing.signal,
    spoolOf: places,
    events: warnings,
  });
  const hands = openHands<Params>({
    ...{ storage, record, worker, heartbeatMs, root, reporter },
    onTrouble: warnings.trouble,
    now: world.now,
  });
  const reservations = reservationsOf<Params>({
    ...{ storage, record, space, root, worker, heartbeatMs, idleTimeoutMs, hands },
    closing: closing.signal,
  });
  const queries = queriesOf<Params>({ storage, record, space, root, isExhausted: () => reservations.isExhausted });
  const keeper = keepExecutor();
  let chosen = {
    choice: settings.executor ?? configuredExecutor(setup),
    keeper,
  };
  const running = new Set<Promise<unknown>>();

  /** Check whether a method may be called now. */
  const use = (method: string, needed: Mode): void => {
    if (closing.signal.aborted) throw new TypeError(`${method}() was called after the client was closed.`);
    requireMode(method, { mode, needed });
  };
  const reading = <Words extends readonly never[], Answer>(
    method: string,
    ask: (...words: Words) => Promise<Answer>,
  ) => {
    return async (...words: Words): Promise<Answer> => {
      use(method, "r");
      return ask(...words);
    };
  };

  const runWorkon = async (given: unknown, options: WorkonOptions<Params> & { readonly exportName?: string }) => {
    const callable = readCallable(given, options.exportName);
    const { executor } = options;
    await using own = executor === undefined ? undefined : keepExecutor();
    const { choice, keeper } = own === undefined ? chosen : { choice: executor!, keeper: own };
    const { signal } = options;
    return await workon<Params>({
      ...{ setup, root, warnings, callable, options, heartbeatMs },
      experiment: parts.experiment!,
      idleTimeoutMs: seconds("worker.idle_timeout", "idleTimeout", options.idleTimeout ?? settings.idleTimeout),
      openExecutor: (nWorkers) => keeper.open(choice, nWorkers),
      signal: signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]),
    });
  };

  const close = async (): Promise<void> => {
    if (closing.signal.aborted) return;
    closing.abort(new TypeError("The client was closed."));
    await Promise.allSettled(running);
    await hands.empty();
    await keeper[Symbol.asyncDispose]();
    if (mode !== "r") removeEmptyRoot(root);
    if (opened.isOwn) await storage.close();
  };

  if (mode === "x") await handInSpooled({ folders: spoolFolders(root), storage });
  const { definition, name, version, id, maxTrials, maxBroken, workingDir, parent } = record;
  const { algorithm, direction, metadata } = definition;
  return {
    ...{ name, version, id, mode, maxTrials, maxBroken, algorithm, direction, metadata, workingDir, parent, storage },
    space: Object.fromEntries(space.dimensions.map((one) => [bareName(one.name), printDimension(one)])),
    columns: queries.columns,
    fetchTrials: reading("fetchTrials", queries.fetchTrials),
    fetchTrialsByStatus: reading("fetchTrialsByStatus", queries.fetchTrialsByStatus),
    fetchPendingTrials: reading("fetchPendingTrials", queries.fetchPendingTrials),
    fetchNoncompletedTrials: reading("fetchNoncompletedTrials", queries.fetchNoncompletedTrials),
    getTrial: reading("getTrial", queries.getTrial),
    stats: reading("stats", queries.stats),
    isDone: reading("isDone", queries.isDone),
    isBroken: reading("isBroken", queries.isBroken),
    toRows: reading("toRows", queries.toRows),

    insert: (async (params, options) => {
      use("insert", "w");
      return reservations.insert(params, options);
    }) as ExperimentClient<Params>["insert"],
    release: async (trial, status = "interrupted", { reason } = {}) => {
      use("release", "w");
      await hands.release(trial, status, reason);
    },
    suggest: async (options) => {
      use("suggest", "x");
      return reservations.suggest(parts.experiment!, options);
    },
    reserve: async (trial) => {
      use("reserve", "x");
      return reservations.reserve(trial);
    },
    observe: async (trial, results) => {
      use("observe", "x");
      return hands.observe(trial, results);
    },
    workon: async (given: unknown, options: object = {}) => {
      use("workon", "x");
      const run = runWorkon(given, options);
      running.add(run);
      return run.finally(() => running.delete(run));
    },
    tmpExecutor: (choice) => {
      use("tmpExecutor", "x");
      const before = chosen;
      const keeper = keepExecutor();
      chosen = { choice, keeper };
      return {
        [Symbol.asyncDispose]: async () => {
          chosen = before;
          await keeper[Symbol.asyncDispose]();
        },
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function configuredExecutor(setup: Setup): ExecutorChoice {
  const name = setup.pick("worker.executor", { name: "executor", value: undefined });
  return { name, configuration: setup.pick("worker.executor_configuration", { name: "executor", value: undefined }) };
}
