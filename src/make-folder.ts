import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Make a folder and those above it; one that is there stays as it is.
 *
 * Not with `recursive` of Node, which never ends where the system says that the parent is missing though it is there, as
 * in /proc, and in folders in which an automounter makes what it knows.
 *
 * @param mode - Of each folder that is made, less the umask.
 * @throws {Error} of the system when it cannot be made, or a file of its name is there.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  for (let attempt = 1; ; attempt++) {
    try {
      mkdirSync(folder, mode);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const there = code === "EEXIST" ? lstatSync(folder, { throwIfNoEntry: false }) : undefined;
      if (there?.isDirectory() || (there?.isSymbolicLink() && leadsToFolder(folder))) return;
      if (there !== undefined) throw error;
      const parent = dirname(folder);
      // Others may remove folders that are empty, and make them again, between any two of our steps.
      const isWorthAnother = attempt < mostAttempts && parent !== folder;
      if ((code !== "ENOENT" && code !== "EEXIST") || !isWorthAnother) throw error;
      if (code === "ENOENT") makeFolder(parent, mode);
    }
  }
}

/** A moment, if nobody is at work beside us, and enough if many are. */
const mostAttempts = 100;

function leadsToFolder(link: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
