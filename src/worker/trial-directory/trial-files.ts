import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EvaluationError } from "../../errors.js";
import type { Trial } from "../../trial/trial.js";
import { type TrialRoot, trialDirectoryOf } from "./trial-root.js";

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

export type TrialOnDisk = Pick<Trial, "id" | "epoch" | "parent" | "workingDir">;

export function filesOf(root: TrialRoot, trial: TrialOnDisk, prefix = ""): TrialFiles {
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

export const resultsName = "results.json";
export const stdoutName = "stdout.log";
export const stderrName = "stderr.log";

/** What the parent reported and printed is not the child's. */
export function isOurs(name: string): boolean {
  return ownPattern.test(name);
}

const ownPattern = /^(?:[0-9a-f]{8}-)?(?:std(?:out|err)\.log|results(?:-\d+)?\.json|reports-\d+\.txt|stop-\d+)$/;
const resultsPattern = /^results(?:-(\d+))?\.json$/;

export function isResults(name: string): boolean {
  return resultsPattern.test(name);
}

/** The reservation that a results file belongs to. */
export function epochOf(name: string): number {
  return Number(resultsPattern.exec(name)?.[1] ?? 1);
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

/** What the system says of a directory, with what the user can do. */
export function explain(error: unknown, directory: string): EvaluationError {
  const { code, message } = error as NodeJS.ErrnoException;
  const what = `The directory "${directory}" of the trial cannot be prepared: ${message}.`;
  const mend = code === "ENOSPC" || code === "EDQUOT" ? "Make room on that disk" : "Make it writable";
  const remedies = {
    command: `${mend}, or choose another one with --working-dir.`,
    program: `${mend}, or choose another one with the option workingDir.`,
  };
  return new EvaluationError(what, remedies, { cause: error });
}
