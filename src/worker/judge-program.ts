import { statfsSync } from "node:fs";
import { EvaluationError } from "../errors.js";
import type { Outcome } from "../executors/executor.js";
import type { Failure } from "../trial/trial.js";
import { unlessUnreadable } from "./read-pieces.js";
import { readResults } from "./read-results.js";
import type { Reported } from "./report-book.js";
import { lastMatch, readTail } from "./search-output.js";
import { stoppedEarly } from "./stopped-early.js";
import type { TrialFiles } from "./trial-directory/trial-files.js";
import type { Verdict } from "./verdict.js";

export interface JudgeSettings {
  /** Exit code by which a program says that it was interrupted. */
  readonly interruptCode: number;
  /** Finds the objective in the program's output when it reports nothing. */
  readonly objectivePattern: RegExp | undefined;
  /** Something that the user should know, though the trial went well. */
  readonly onNote: (note: string) => void;
}

/** A program that has ended, and where it left what it had to say. */
export interface EndedProgram {
  readonly outcome: Outcome;
  readonly reported: Reported;
  readonly files: TrialFiles;
  /**
   * Its results file, opened before it started. A worker that took the trial over removes the directory when it is done;
   * a program that had opened the file by then goes on writing to it.
   */
  readonly openedResults?: number | undefined;
  /** Length of the output file before this run, which may be a resumption. */
  readonly stdoutStart: number;
  /** We told it to stop. */
  readonly isStopped: boolean;
}

/**
 * What the end of a program means for its trial.
 *
 * @throws {EvaluationError} when it failed on a full disk.
 */
export function judgeProgram(ended: EndedProgram, settings: JudgeSettings): Verdict {
  const { outcome, reported, files, isStopped } = ended;
  const { exitCode, signal } = outcome;
  const early = stoppedEarly(reported, () => resultsIn(ended));
  if (early !== undefined) return early;
  if (exitCode === settings.interruptCode) return { kind: "interrupted", isByProgram: !isStopped };
  if (exitCode === 0) return readVerdict(ended, settings);
  // Whatever a program does when it is told to stop is not its failure.
  if (isStopped) return { kind: "interrupted", isByProgram: false };
  refuseFullDisk(files.directory);
  const code = signal === undefined ? `exit code ${exitCode}` : `killed by ${signal} (exit code ${exitCode})`;
  return { kind: "broken", failure: describeFailure(outcome.reason ?? code, outcome, files) };
}

function readVerdict(ended: EndedProgram, settings: JudgeSettings): Verdict {
  const { files, openedResults, stdoutStart, isStopped } = ended;
  const read = readResults(files.resultsPath, openedResults);
  if (read.kind === "results") {
    if (read.objectiveCount > 1) settings.onNote("Several objectives were reported; the first one counts.");
    return { kind: "completed", results: read.results };
  }
  if (isStopped) return { kind: "interrupted", isByProgram: false };
  const pattern = read.kind === "missing" ? settings.objectivePattern : undefined;
  const value = pattern === undefined ? read.reason : findObjective(files.stdoutPath, pattern, stdoutStart);
  if (typeof value === "number") {
    return { kind: "completed", results: [{ name: "objective", type: "objective", value }] };
  }
  refuseFullDisk(files.directory);
  return {
    kind: "broken",
    failure: describeFailure(value, { exitCode: 0, signal: undefined }, files),
    remedyOfMissingResult: pattern === undefined ? howToReport : howToMatch,
  };
}

const howToReport =
  "The program must write its results to the file named by $ORION_RESULTS_PATH, " +
  'e.g. [{"name": "loss", "type": "objective", "value": 0.5}]; or use --objective-pattern.';

const howToMatch =
  "Its first group must match a number on a line of standard output, or all of it where it has no group: " +
  "for example --objective-pattern 'loss: (\\S+)'.";

/** What the program has reported as its results, if that can be read. */
function resultsIn({ files, openedResults }: EndedProgram) {
  const read = readResults(files.resultsPath, openedResults);
  return read.kind === "results" ? read.results : undefined;
}

/** The objective that a pattern finds in the output from an offset on, or a sentence that says why there is none. */
function findObjective(path: string, pattern: RegExp, from: number): number | string {
  return unlessUnreadable<number | string>(
    () =>
      lastMatch({ path, pattern, from }) ?? `The objective pattern ${pattern.source} finds no number in the output.`,
    ({ message }) => `The output "${path}" cannot be searched for the objective: ${message}.`,
  );
}

/**
 * Nothing that a program did on a full disk is its fault, nor the next one's: the trial is to be run again.
 *
 * @throws {EvaluationError} when the disk of the trial's directory is full.
 */
function refuseFullDisk(directory: string): void {
  if (!isDiskFull(directory)) return;
  throw new EvaluationError(
    `The disk of the trial's directory "${directory}" is full.`,
    "Make room on it, or choose another one with --working-dir; the trial is taken up again by the next hunt.",
  );
}

function isDiskFull(directory: string): boolean {
  try {
    const { blocks, bavail } = statfsSync(directory);
    return blocks > 0 && bavail === 0; // some virtual file systems have no blocks at all
  } catch {
    return false; // the program removed its directory
  }
}

/** Bytes of standard error that are kept with a broken trial. */
const stderrBytes = 4000;

function describeFailure(reason: string, { exitCode, signal }: Outcome, files: TrialFiles): Failure {
  const stderr = readTail(files.stderrPath, stderrBytes);
  return {
    reason,
    exitCode,
    ...(signal === undefined ? {} : { signal }),
    ...(stderr === "" ? {} : { stderr }),
  };
}
