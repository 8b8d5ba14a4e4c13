import { tmpdir } from "node:os";
import { basename, dirname } from "node:path";
import type { Trial } from "../trial/trial.js";
import { type TrialRoot, trialDirectoryOf } from "./trial-directory/trial-root.js";

/** Where the results of a trial wait while the database is away: name of the file, and folders in order of preference. */
export interface SpoolPlace {
  readonly name: string;
  readonly folders: readonly string[];
}

export function spoolPlace(root: TrialRoot, trial: Trial): SpoolPlace {
  const directory = trialDirectoryOf(root, trial);
  // The end of the folder's name tells experiments apart, and is short enough for any file system.
  const name = `${basename(root.temporaryFolder).slice(-40)}.${basename(directory)}`;
  return { name, folders: [dirname(directory), ...spoolFolders(root)] };
}

/** Folders in which results of an experiment may wait. The last is for the day when the disk of the others is full. */
export function spoolFolders({ folder, temporaryFolder }: TrialRoot): string[] {
  return [folder, temporaryFolder, tmpdir()];
}
