import type { Experiment } from "../experiment/experiment.js";
import type { Storage } from "../storage/storage.js";

/**
 * All that is asked of the storage while a worker is at work, by what runs beside it too: its reports, its display. The
 * parts of a worker take no more than this, and `impatient` must say of each call how it ends when the worker has to go.
 */
export type WorkerStorage = Pick<
  Storage,
  | "getExperiment"
  | "renewLeases"
  | "finishTrial"
  | "releaseTrial"
  | "listTrials"
  | "listOwners"
  | "summarize"
  | "waitForNews"
  | "addReports"
  | "readReports"
>;

/** What a worker knows of an experiment. */
export interface WorkerExperiment extends Pick<Experiment, "record" | "nextTrial"> {
  readonly storage: WorkerStorage;
}

/** An experiment with no more of its storage than that. */
export type HurriedExperiment = Omit<Experiment, "storage"> & WorkerExperiment;
