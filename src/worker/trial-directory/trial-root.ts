import { createHash } from "node:crypto";
import { isAbsolute, join } from "node:path";
import type { ExperimentRecord } from "../../storage/storage.js";
import type { Trial } from "../../trial/trial.js";

/** Where the directories of an experiment's trials are. Absolute. */
export interface TrialRoot {
  /** Parent of the directories that new trials of the experiment get. */
  readonly folder: string;
  /** Parent of those of trials without a working directory: below the user's cache directory. */
  readonly temporaryFolder: string;
  /** Tells the experiment from others of its name. */
  readonly mark: string;
  /** Directories of completed trials in it that the next trials of this process take over. */
  readonly spares: string[];
  /**
   * Completed trials keep what their programs left, since others may continue them. Who finds the experiment done
   * removes it, see `removeKeptDirectories`.
   */
  readonly keepsCompleted: boolean;
}

export interface TrialRootOptions {
  /** Absolute; ours alone. */
  readonly cacheDirectory: string;
  readonly record: Pick<ExperimentRecord, "name" | "version" | "workingDir" | "createdTime" | "definition">;
  /** The algorithm lets trials continue others. Default false. */
  readonly continuesTrials?: boolean | undefined;
}

/**
 * `<cache>/<name>-v<version>-<mark>`, or the experiment's working directory. The mark tells apart experiments of the
 * same name in two databases: their trials may have the same ids, and the programs must not meet.
 */
export function trialRoot({ cacheDirectory, record, continuesTrials = false }: TrialRootOptions): TrialRoot {
  const { name, version, workingDir, createdTime, definition } = record;
  const mark = hash(`${createdTime} ${definition.seed}`).slice(0, 8);
  const temporaryFolder = join(cacheDirectory, fileName(`${name}-v${version}-${mark}`));
  const folder = workingDir === "" ? temporaryFolder : workingDir;
  for (const path of [temporaryFolder, folder])
    if (!isAbsolute(path)) throw new RangeError(`The directory "${path}" of the trials is not absolute.`);
  return { folder, temporaryFolder, mark, spares: [], keepsCompleted: continuesTrials };
}

/** The directory of a trial, whether or not it exists. */
export function trialDirectoryOf(root: TrialRoot, { id, workingDir }: Pick<Trial, "id" | "workingDir">): string {
  return join(workingDir === "" ? root.temporaryFolder : workingDir, fileName(id));
}

/**
 * A name that may stand in a path: `/`, `\`, control characters and what other systems forbid become `%` and their hex
 * code, a leading dot too; so two names never become one. A name too long for a file system ends in its hash instead.
 */
function fileName(name: string): string {
  const safe = name.replaceAll(/^\.|[\x00-\x1f\x7f%/\\:*?"<>|]/g, encodeCharacter);
  if (Buffer.byteLength(safe) <= longestNameBytes) return safe;
  return `${[...safe].slice(0, 40).join("")}%${hash(name)}`; // enough to recognise it: 160 bytes at most
}

/** Common file systems take 255 bytes; the copy of a parent's directory has a longer name for a while. */
const longestNameBytes = 220;

function encodeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
