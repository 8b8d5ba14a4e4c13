import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isOurs, type TrialOnDisk } from "./trial-files.js";
import { type TrialRoot, trialDirectoryOf } from "./trial-root.js";

/** All or nothing: a worker that dies half-way leaves no directory that looks like a resumed trial's. */
export function copyParent(root: TrialRoot, { parent, ...trial }: TrialOnDisk & { readonly parent: string }): void {
  const directory = trialDirectoryOf(root, trial);
  const source = trialDirectoryOf(root, { id: parent, workingDir: trial.workingDir });
  if (existsSync(directory) || !existsSync(source)) return;
  const copy = join(dirname(directory), `.${basename(directory)}.copy-${trial.epoch}`);
  rmSync(copy, { recursive: true, force: true });
  const filter = (file: string) => dirname(file) !== source || !isOurs(basename(file));
  for (let attempt = 1; existsSync(source); attempt++) {
    try {
      cpSync(source, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
      renameSync(copy, directory);
      return;
    } catch (error) {
      rmSync(copy, { recursive: true, force: true });
      // A worker that was cut off may still run the parent's program, whose temporary files come and go.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === mostCopies) throw error;
    }
  }
}

const mostCopies = 5;
