import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncate,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { EvaluationError } from "../errors.js";
import { makeFolder } from "../make-folder.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import type { WorkerStorage } from "./worker-experiment.js";

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

/** A trial's directory, and the files in it that are ours. All paths are absolute. */
export interface TrialFiles {
  readonly directory: string;
  /** In front of the names of our files and of the program's; "" unless another experiment was there first. */
  readonly prefix: string;
  /** Exists and is empty; another file for each reservation, so that a program of an earlier one cannot spoil it. */
  readonly resultsPath: string;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** The program appends its reports to it; does not exist at first. Another one for each reservation, too. */
  readonly reportPath: string;
  /** Appears when the program should stop early. */
  readonly stopPath: string;
}

type TrialOnDisk = Pick<Trial, "id" | "epoch" | "parent" | "workingDir">;

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
 * Where a file that the program is to read stands: in the directory of its trial, under a name that is none of ours.
 *
 * @param name - As the user calls it.
 */
export function pathForProgram({ directory, prefix }: TrialFiles, name: string): string {
  // Some file systems take letters of either case for the same.
  return join(directory, `${prefix}${isOurs(name.toLowerCase()) ? "config-" : ""}${name}`);
}

/**
 * Write a file that the program is to read into the directory of its trial.
 *
 * @throws {EvaluationError} when that cannot be done, for instance on a full disk.
 */
export function writeForProgram({ directory }: TrialFiles, path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw explain(error, directory);
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

function filesOf(root: TrialRoot, trial: TrialOnDisk, prefix = ""): TrialFiles {
  const directory = trialDirectoryOf(root, trial);
  const pathOf = (name: string) => join(directory, `${prefix}${name}`);
  return {
    directory,
    prefix,
    resultsPath: pathOf(trial.epoch === 1 ? resultsName : `results-${trial.epoch}.json`),
    stdoutPath: pathOf(stdoutName),
    stderrPath: pathOf(stderrName),
    reportPath: pathOf(`reports-${trial.epoch}.txt`),
    stopPath: pathOf(`stop-${trial.epoch}`),
  };
}

const resultsName = "results.json";
const stdoutName = "stdout.log";
const stderrName = "stderr.log";

/*
 * Why spares: ext4 passes over the inodes that were deleted in the last minutes one by one when it looks for a free one,
 * so that after some thousand short trials each new directory takes milliseconds. Renaming one takes microseconds.
 */

const spareEnding = ".spare";

/**
 * Set the directory of a trial aside, if it holds nothing but our own files. Its results are emptied behind our back:
 * that takes ext4 far longer than to read them, since it gives back a block.
 */
function keepAsSpare(root: TrialRoot, trial: TrialOnDisk): boolean {
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
function takeSpare(root: TrialRoot, trial: TrialOnDisk): boolean {
  const spare = trial.epoch === 1 && trial.workingDir === "" ? root.spares.pop() : undefined;
  if (spare === undefined) return false;
  try {
    renameSync(spare, trialDirectoryOf(root, trial));
    return true;
  } catch {
    return false; // the trial has a directory, a copy of its parent's; or another worker has tidied up
  }
}

/** All or nothing: a worker that dies half-way leaves no directory that looks like a resumed trial's. */
function copyParent(root: TrialRoot, { parent, ...trial }: TrialOnDisk & { readonly parent: string }): void {
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

/** What the parent reported and printed is not the child's. */
function isOurs(name: string): boolean {
  return ownPattern.test(name);
}

const ownPattern = /^(?:[0-9a-f]{8}-)?(?:std(?:out|err)\.log|results(?:-\d+)?\.json|reports-\d+\.txt|stop-\d+)$/;
const resultsPattern = /^results(?:-(\d+))?\.json$/;

function isResults(name: string): boolean {
  return resultsPattern.test(name);
}

/** The reservation that a results file belongs to. */
function epochOf(name: string): number {
  return Number(resultsPattern.exec(name)?.[1] ?? 1);
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

function explain(error: unknown, directory: string): EvaluationError {
  const { code, message } = error as NodeJS.ErrnoException;
  const what = `The directory "${directory}" of the trial cannot be prepared: ${message}.`;
  const mend = code === "ENOSPC" || code === "EDQUOT" ? "Make room on that disk" : "Make it writable";
  const remedies = {
    command: `${mend}, or choose another one with --working-dir.`,
    program: `${mend}, or choose another one with the option workingDir.`,
  };
  return new EvaluationError(what, remedies, { cause: error });
}
