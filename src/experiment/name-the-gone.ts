import { ExperimentGoneError } from "../errors.js";
import type { ExperimentRecord } from "../storage/storage.js";

/** Says of an experiment that was removed which one it was; the storage knows its number alone. Other errors stay. */
export function nameTheGone(error: unknown, { name, version }: ExperimentRecord, url: string): unknown {
  if (!(error instanceof ExperimentGoneError)) return error;
  return new ExperimentGoneError(`Experiment "${name}" version ${version}`, url, { cause: error });
}
