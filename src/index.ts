import { randomBytes } from "node:crypto";
import { createExperiment as create, type ExperimentOptions } from "./client/create-experiment.js";
import type { ExperimentClient, ExperimentReader, ExperimentWriter } from "./client/experiment-client.js";
import { type GetOptions, getExperiment as get } from "./client/get-experiment.js";
import type { Objective } from "./client/objective.js";
import type { ParamsOf, SpaceInput } from "./client/typed-space.js";
import { type WorkOnceOptions, workOnce } from "./client/work-once.js";
import { type ClientWorld, openStorageAt, type StorageAddress } from "./client/world.js";
import type { OpenOptions } from "./storage/backend.js";
import type { Storage } from "./storage/storage.js";

export type { Mode } from "./client/access.js";
export type { ClientTrial, SuggestedTrial, TrialRef } from "./client/client-trial.js";
export type { ExperimentOptions } from "./client/create-experiment.js";
export type { ConfiguredExecutor, ExecutorChoice } from "./client/executor-choice.js";
export type {
  ExperimentClient,
  ExperimentReader,
  ExperimentWriter,
  InsertOptions,
  ReleaseOptions,
} from "./client/experiment-client.js";
export type { GetOptions } from "./client/get-experiment.js";
export type { Fate, ReleaseStatus } from "./client/hands.js";
export type {
  BrokenReport,
  CompletedReport,
  Objective,
  ToldTrial,
  TrialInfo,
  WorkonOptions,
} from "./client/objective.js";
export {
  type ChoiceOptions,
  choices,
  fidelity,
  loguniform,
  type NumberOptions,
  normal,
  type Prior,
  uniform,
} from "./client/prior.js";
export { formatCsv, formatJsonLines, type Row, type RowHead } from "./client/rows.js";
export type { BestTrial, ExperimentStats } from "./client/stats.js";
export type { SuggestOptions } from "./client/suggest.js";
export type { ParamsOf, SpaceInput } from "./client/typed-space.js";
export type { WorkOnceOptions } from "./client/work-once.js";
export type { StorageAddress } from "./client/world.js";
export {
  AccessError,
  AlreadyReleasedError,
  BrokenExperimentError,
  CompletedExperimentError,
  ConfigurationError,
  ConflictError,
  EvaluationError,
  IdleError,
  InvalidResultError,
  NotFoundError,
  NotReservedError,
  OrionError,
  SpaceSyntaxError,
  StorageError,
  UnknownNameError,
  UsageError,
  WaitingForTrialsError,
} from "./errors.js";
export type { CallContext, Executor, ExecutorModule } from "./executors/executor.js";
export type { Params, ParamValue } from "./space/dimension.js";
export type { OpenOptions } from "./storage/backend.js";
export type { Storage } from "./storage/storage.js";
export type { Failure, Result, ResultType, TrialStatus } from "./trial/trial.js";
export { version } from "./version.js";
export type { Reported, ReportedResult } from "./worker/read-returned.js";

/**
 * Create an experiment, or go on with the stored one of that name, to work on it. What is left out comes from the
 * user's configuration, as for `orion hunt`.
 *
 * @throws {ConfigurationError} when nothing is stored and no space is given.
 * @throws {ConflictError} when the stored one has another space or direction; the message says what differs.
 */
export function createExperiment<const Space extends SpaceInput = SpaceInput>(
  options: ExperimentOptions<Space>,
): Promise<ExperimentClient<ParamsOf<Space>>> {
  return create(world(), options);
}

/**
 * A stored experiment, to look at (mode `r`) or to add trials to (mode `w`). Its parameters have the types that the
 * caller names: `getExperiment<ParamsOf<typeof space>>("mnist")`.
 *
 * @throws {NotFoundError} when there is none.
 */
export function getExperiment<Params = ParamsOf<SpaceInput>>(
  name: string,
  options: GetOptions & { readonly mode: "w" },
): Promise<ExperimentWriter<Params>>;
export function getExperiment<Params = ParamsOf<SpaceInput>>(
  name: string,
  options?: GetOptions & { readonly mode?: "r" },
): Promise<ExperimentReader<Params>>;
export function getExperiment<Params>(name: string, options?: GetOptions): Promise<ExperimentReader<Params>> {
  return get<Params>(world(), name, options);
}

/**
 * Evaluate the function that a module exports, in an experiment that lives in memory and is thrown away.
 *
 * @param module - `new URL("./objective.js", import.meta.url)`, or the name of a package, seen from the current
 *   directory.
 * @returns The client, with all that was found, until it is closed.
 * @throws {BrokenExperimentError} when too many trials failed.
 */
export function workon<const Space extends SpaceInput, Constants = unknown>(
  module: URL | string,
  options: WorkOnceOptions<Space, Constants> & { readonly exportName?: string },
): Promise<ExperimentClient<ParamsOf<Space>>>;
/**
 * Evaluate a function in an experiment that lives in memory and is thrown away.
 *
 * @returns The client, with all that was found, until it is closed.
 * @throws {BrokenExperimentError} when too many trials failed.
 */
export function workon<const Space extends SpaceInput, Constants = unknown>(
  objective: Objective<ParamsOf<Space>, NoInfer<Constants>>,
  options: WorkOnceOptions<Space, Constants>,
): Promise<ExperimentClient<ParamsOf<Space>>>;
export function workon<const Space extends SpaceInput, Constants>(
  objective: unknown,
  options: WorkOnceOptions<Space, Constants>,
): Promise<ExperimentClient<ParamsOf<Space>>> {
  return workOnce(world(), { objective, options });
}

/**
 * Open a storage, for several experiments on one connection. Close it when the last of their clients is closed.
 *
 * @param address - As the option `storage`: `sqlite:./runs.sqlite`, `./runs.sqlite`, `memory:`, `postgresql://…`, or a
 *   mapping as in a configuration file.
 * @throws {ConfigurationError} for a kind of database that there is not.
 * @throws {StorageError} when the database cannot be used.
 */
export function openStorage(address: StorageAddress, options?: OpenOptions): Promise<Storage> {
  return openStorageAt(world(), address, options);
}

/** The only place of the library that takes the world from the process. */
function world(): ClientWorld {
  return {
    env: process.env,
    directory: process.cwd(),
    pid: process.pid,
    now: () => Date.now(),
    randomHex: (bytes) => randomBytes(bytes).toString("hex"),
    warn: (text) => process.emitWarning(text, "OrionWarning"),
  };
}
