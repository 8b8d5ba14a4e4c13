import type { SettingKey } from "./settings.js";

/**
 * Keys of earlier versions and of Oríon, with what is to be written instead; `undefined` where the key has lost its
 * meaning. They are read with a warning.
 */
export const formerKeys: Readonly<Record<string, SettingKey | undefined>> = {
  name: "experiment.name",
  version: "experiment.version",
  user: "experiment.user",
  max_trials: "experiment.max_trials",
  max_broken: "experiment.max_broken",
  working_dir: "experiment.working_dir",
  algorithm: "experiment.algorithm",
  algorithms: "experiment.algorithm",
  pool_size: "worker.pool_size",
  worker_trials: "worker.max_trials",
  strategy: undefined,
  "producer.strategy": undefined,
  "experiment.algorithms": "experiment.algorithm",
  "experiment.strategy": undefined,
  "experiment.pool_size": "worker.pool_size",
  "experiment.worker_trials": "worker.max_trials",
  "worker.max_idle_time": "worker.idle_timeout",
  "evc.auto_resolution": undefined,
};

/** Variables of earlier versions and of Oríon that are still read, with a warning. */
export const formerVariables: Readonly<Record<string, SettingKey>> = {
  ORION_MAX_IDLE_TIME: "worker.idle_timeout",
};

/** Variables of Oríon that choose a database which is not read here. */
export const foreignVariables: readonly string[] = [
  "ORION_STORAGE_TYPE",
  "ORION_DB_TYPE",
  "ORION_DB_NAME",
  "ORION_DB_ADDRESS",
  "ORION_DB_PORT",
];
