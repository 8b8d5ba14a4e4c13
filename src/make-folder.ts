import { existsSync, mkdirSync, statSync } from "node:fs";
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
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(folder);
    if (code !== "ENOENT" || parent === folder || existsSync(parent)) throw error;
    makeFolder(parent, mode);
    makeFolder(folder, mode);
  }
}
