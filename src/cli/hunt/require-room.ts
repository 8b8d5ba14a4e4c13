import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigurationError } from "../../errors.js";
import type { ExperimentRequest } from "../../experiment/experiment-request.js";
import type { Session } from "../session.js";

/**
 * Make sure that the trials can have directories, before anything is stored. Nothing is made.
 *
 * @throws {ConfigurationError} when they cannot.
 */
export async function requireRoom(
  { name, version, workingDir, defaults }: ExperimentRequest,
  { storage, directories }: Pick<Session, "storage" | "directories">,
): Promise<void> {
  const stored = await storage.getExperiment(name, version);
  const chosen = workingDir ?? stored?.workingDir ?? defaults?.workingDir ?? "";
  const folder = chosen === "" ? directories.cache : chosen;
  const reason = whyNotMade(folder);
  if (reason === undefined) return;
  throw new ConfigurationError(
    `The folder "${folder}" for the directories of the trials cannot be used: ${reason}.`,
    chosen === ""
      ? "Choose another one with --working-dir, or set XDG_CACHE_HOME to a folder of yours."
      : "Make it writable, or choose another one with --working-dir.",
  );
}

/** Why a folder cannot be made, or written to where it exists; `undefined` when it can. */
function whyNotMade(folder: string): string | undefined {
  const stat = statOf(folder);
  if (stat === "missing") return dirname(folder) === folder ? "it does not exist" : whyNotMade(dirname(folder));
  if (stat === "hidden") return `${folder} may not be looked into`;
  if (!stat.isDirectory()) return `${folder} is not a directory`;
  // Root may write there, says the system, and Node's recursive mkdir never comes back from it.
  if (kernelFileSystems.has(statfsSync(folder).type)) return `${folder} belongs to the kernel`;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `${folder} ${code === "EROFS" ? "is on a read-only file system" : "may not be written to"}`;
  }
}

/** Magic numbers of proc and sysfs. */
const kernelFileSystems: ReadonlySet<number> = new Set([0x9fa0, 0x62656572]);

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTDIR: something above is a file, which its own turn will show.
    return code === "ENOENT" || code === "ENOTDIR" ? ("missing" as const) : ("hidden" as const);
  }
}
