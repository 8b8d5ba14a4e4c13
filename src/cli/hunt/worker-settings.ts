import type { Configuration, Picked } from "../../config/configuration.js";
import { configurationFailure } from "../../config/read-setting.js";
import type { Metadata } from "../../storage/storage.js";
import type { HuntOptions } from "./hunt-options.js";

/** How one worker works: from the command line, else a configuration file, the environment, a default. */
export interface WorkerSettings {
  readonly nWorkers: number;
  /** Trials that this worker may complete. */
  readonly maxTrials: number;
  readonly maxBroken: number;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
  readonly graceMs: number;
  readonly interruptCode: number;
}

/** @throws {UsageError} for a value that cannot be; the message says who gave it. */
export function workerSettings(configuration: Configuration, options: HuntOptions): WorkerSettings {
  const interruptCode = configuration.pick("worker.interrupt_signal_code", {
    commandLine: options.interruptSignalCode,
  });
  return {
    nWorkers: configuration.pick("worker.n_workers", { commandLine: options.nWorkers }).value,
    maxTrials: configuration.pick("worker.max_trials", { commandLine: options.workerMaxTrials }).value,
    maxBroken: configuration.pick("worker.max_broken", { commandLine: options.workerMaxBroken }).value,
    heartbeatMs: 1000 * configuration.pick("worker.heartbeat", { commandLine: options.heartbeat }).value,
    idleTimeoutMs: 1000 * configuration.pick("worker.idle_timeout", { commandLine: options.idleTimeout }).value,
    graceMs: 1000 * configuration.pick("worker.grace", { commandLine: options.grace }).value,
    interruptCode: interruptCode.value,
  };
}

/**
 * What finds the objective in the output of an experiment's command: what is stored with it, unless somebody says
 * otherwise now.
 *
 * @throws {UsageError | ConfigurationError} for what is no regular expression.
 */
export function objectivePatternOf(
  { objectivePattern: stored }: Metadata,
  configuration: Configuration,
  options: HuntOptions,
): RegExp | undefined {
  return readPattern(configuration.pick("worker.objective_pattern", { stored, commandLine: options.objectivePattern }));
}

/** `undefined` for an empty text. @throws {UsageError | ConfigurationError} */
export function readPattern({ value, source, origin }: Picked<"worker.objective_pattern">): RegExp | undefined {
  if (value === undefined || value === "") return undefined;
  try {
    return new RegExp(value, "gm");
  } catch (error) {
    throw configurationFailure(
      origin,
      `The objective pattern "${value}" (${source}) is not a regular expression: ${(error as Error).message}.`,
      "For example --objective-pattern 'loss: (\\S+)'.",
    );
  }
}
