import { closeSync, existsSync, lstatSync, openSync, readdirSync, rmdirSync, rmSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../make-folder.js";
import type { ExperimentRecord } from "../../storage/storage.js";
import type { WorkerStorage } from "../worker-experiment.js";
import { copyParent } from "./copy-parent.js";
import { keepAsSpare, spareEnding, takeSpare } from "./spares.js";
import { epochOf, explain, filesOf, isResults, type TrialFiles, type TrialOnDisk } from "./trial-files.js";
import { type TrialRoot, trialDirectoryOf } from "./trial-root.js";

/**
 * Make the directory of a trial. One that exists is used again, since the trial is resumed. A new one starts as a copy
 * of the parent trial's, if the trial has a parent and that one's directory still exists.
 *
 * @throws {EvaluationError} when the directory cannot be made.
 */
export function prepareTrialDirectory(root: TrialRoot, trial: TrialOnDisk): TrialFiles {
  const files = filesOf(root, trial);
  try {
    if (trial.parent !== undefined) copyParent(root, { ...trial, parent: trial.parent });
    if (takeSpare(root, trial)) return files;
    makeFolder(files.directory);
    return claimFiles(root, trial);
  } catch (error) {
    throw explain(error, files.directory);
  }
}

/**
 * Trials with the same parameters have the same id in every experiment, so where two experiments have one working
 * directory, such trials share theirs. Whoever comes second has files of other names: nobody empties the results of a
 * stranger, or reads what his program has said. A reservation has a results file of its own, so one that exists is his.
 */
function claimFiles(root: TrialRoot, trial: TrialOnDisk): TrialFiles {
  const files = filesOf(root, trial);
  const apart = filesOf(root, trial, `${root.mark}-`);
  const isShared = trial.workingDir !== ""; // else it lies in a folder of this experiment alone
  const wasSecond = isShared && readdirSync(files.directory).some((name) => name.startsWith(apart.prefix));
  if (!wasSecond && create(files.resultsPath, isShared ? "wx" : "w")) return files;
  create(apart.resultsPath, "w");
  return apart;
}

/** @returns False when `wx` finds one there. */
function create(path: string, flag: "w" | "wx"): boolean {
  try {
    closeSync(openSync(path, flag));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Remove the directory of a completed trial, unless it lies in a working directory that the user asked for, or others
 * may continue the trial. What cannot be removed stays. A directory in which the program left no trace is kept for the
 * next trial, until `removeEmptyRoot`; so call this before the next trial is prepared, it takes some 50 µs.
 */
export function removeTrialDirectory(root: TrialRoot, trial: TrialOnDisk): void {
  if (trial.workingDir !== "") return;
  try {
    // Ours was read. What is left tells the other worker, when it is done, whether it is the last one.
    if (isSharedWithOthers(root, trial)) unlinkSync(filesOf(root, trial).resultsPath);
    else if (!keepAsSpare(root, trial) && !root.keepsCompleted)
      rmSync(trialDirectoryOf(root, trial), { recursive: true, force: true });
  } catch {
    // The program took away our permissions, or a background process of it is still writing.
  }
}

/**
 * Remove what completed trials have kept for others to continue, once nobody will: the experiment is over, and no
 * worker is at work on it. The last worker does it; should that one die, the next to find the experiment done.
 */
export async function removeKeptDirectories(root: TrialRoot, { storage, record }: KeptIn): Promise<void> {
  if (!root.keepsCompleted || !existsSync(root.temporaryFolder)) return;
  if ((await storage.listOwners(record.id)).length > 0) return;
  for (const trial of await storage.listTrials(record.id, { statuses: ["completed"] })) {
    if (trial.workingDir === "") rmSync(trialDirectoryOf(root, trial), { recursive: true, force: true });
  }
}

interface KeptIn {
  readonly storage: Pick<WorkerStorage, "listOwners" | "listTrials">;
  readonly record: Pick<ExperimentRecord, "id">;
}

/** Remove the folder below the cache directory if no trial is left in it, and then the cache directory if empty. */
export function removeEmptyRoot({ temporaryFolder, spares }: TrialRoot): void {
  spares.length = 0;
  try {
    // Those of others too: a dead worker cannot come for them, and a living one does without.
    for (const name of readdirSync(temporaryFolder))
      if (name.endsWith(spareEnding)) rmSync(join(temporaryFolder, name), { recursive: true, force: true });
    rmdirSync(temporaryFolder);
    rmdirSync(dirname(temporaryFolder));
  } catch {
    // Something is left, or somebody was first.
  }
}

/**
 * True when another worker may still want the directory: the trial was taken from it, or by it, and both go on (it had
 * been stopped, or cut off from the database). Its results file is not empty, or of a later reservation than ours.
 */
function isSharedWithOthers(root: TrialRoot, trial: TrialOnDisk): boolean {
  const { directory, resultsPath } = filesOf(root, trial);
  return readdirSync(directory)
    .filter((name) => isResults(name) && name !== basename(resultsPath))
    .some((name) => epochOf(name) > trial.epoch || lstatSync(join(directory, name)).size > 0);
}
