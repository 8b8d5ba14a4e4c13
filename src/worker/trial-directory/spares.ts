import { lstatSync, readdirSync, renameSync, truncate } from "node:fs";
import { basename, dirname, join } from "node:path";
import { resultsName, stderrName, stdoutName, type TrialOnDisk } from "./trial-files.js";
import { type TrialRoot, trialDirectoryOf } from "./trial-root.js";

/*
 * Why spares: ext4 passes over the inodes that were deleted in the last minutes one by one when it looks for a free one,
 * so that after some thousand short trials each new directory takes milliseconds. Renaming one takes microseconds.
 */

export const spareEnding = ".spare";

/**
 * Set the directory of a trial aside, if it holds nothing but our own files. Its results are emptied behind our back:
 * that takes ext4 far longer than to read them, since it gives back a block.
 */
export function keepAsSpare(root: TrialRoot, trial: TrialOnDisk): boolean {
  if (trial.epoch > 1) return false; // its results have another name
  const directory = trialDirectoryOf(root, trial);
  const spare = join(dirname(directory), `.${basename(directory)}${spareEnding}`);
  try {
    if (!readdirSync(directory).every((name) => isUntouched(join(directory, name), name))) return false;
    renameSync(directory, spare);
  } catch {
    return false;
  }
  truncate(join(spare, resultsName), (error) => {
    if (error === null) root.spares.push(spare);
  });
  return true;
}

/**
 * A file of ours that nobody else can have a use for. A program that printed something may have left a process behind
 * that goes on printing; one that made a link as its results file wants to keep what it points to.
 */
function isUntouched(path: string, name: string): boolean {
  if (name !== resultsName && name !== stdoutName && name !== stderrName) return false;
  const stat = lstatSync(path);
  return (
    stat.isFile() && stat.nlink === 1 && (stat.mode & 0o600) === 0o600 && (name === resultsName || stat.size === 0)
  );
}

/** Turn a spare directory into that of a new trial. */
export function takeSpare(root: TrialRoot, trial: TrialOnDisk): boolean {
  const spare = trial.epoch === 1 && trial.workingDir === "" ? root.spares.pop() : undefined;
  if (spare === undefined) return false;
  try {
    renameSync(spare, trialDirectoryOf(root, trial));
    return true;
  } catch {
    return false; // the trial has a directory, a copy of its parent's; or another worker has tidied up
  }
}
