import type { Configuration } from "../../config/configuration.js";
import { UsageError } from "../../errors.js";
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
  readonly objectivePattern: RegExp | undefined;
}

/** @throws {UsageError} for a value that cannot be; the message says who gave it. */
export function workerSettings(configuration: Configuration, options: HuntOptions): WorkerSettings {
  const pattern = configuration.pick("worker.objective_pattern", { commandLine: options.objectivePattern });
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
    objectivePattern: pattern.value === undefined ? undefined : readPattern(pattern.value, pattern.source),
  };
}

function readPattern(text: string, source: string): RegExp {
  try {
    return new RegExp(text, "gm");
  } catch (error) {
    throw new UsageError(
      `The objective pattern "${text}" (${source}) is no regular expression: ${(error as Error).message}.`,
      "For example --objective-pattern 'loss: (\\S+)'.",
    );
  }
}
