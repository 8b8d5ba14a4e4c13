import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EvaluationError } from "../errors.js";
import type { Executor, Outcome } from "../executors/executor.js";
import type { Space } from "../space/dimension.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { Failure, Trial, WorkerId } from "../trial/trial.js";
import { paramsHash } from "../trial/trial-id.js";
import { buildCommand } from "./command/build-command.js";
import type { UserCommand } from "./command/user-command.js";
import type { Follower } from "./follow-output.js";
import { endOrphans } from "./orphans.js";
import { unlessUnreadable } from "./read-pieces.js";
import { readResults } from "./read-results.js";
import type { Reported } from "./report-book.js";
import { type ReportWatch, reportFilesOf } from "./report-watch.js";
import type { Evaluate, Verdict } from "./run-worker.js";
import { lastMatch, readTail } from "./search-output.js";
import { stoppedEarly } from "./stopped-early.js";
import { prepareTrialDirectory, type TrialFiles, type TrialRoot } from "./trial-directory.js";
import { workerVariable } from "./worker-id.js";

export interface CommandSettings {
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly command: UserCommand;
  readonly executor: Executor;
  readonly follower: Follower;
  readonly reports: ReportWatch;
  readonly worker: WorkerId;
  /** Where the directories of this experiment's trials are. */
  readonly root: TrialRoot;
  /** Directory in which the program starts. */
  readonly directory: string;
  /** What the program inherits. */
  readonly environment: Readonly<Record<string, string>>;
  readonly graceMs: number;
  /** Exit code by which the program says that it was interrupted. */
  readonly interruptCode: number;
  /** Finds the objective in the program's output when it reports nothing. */
  readonly objectivePattern: RegExp | undefined;
  /** Something that the user should know, though the trial went well. */
  readonly onNote: (note: string) => void;
}

/** Bytes of standard error that are kept with a broken trial. */
const stderrBytes = 4000;

/** Runs the user's command for a trial: directory, argv, environment, output, results. */
export function evaluateCommand(settings: CommandSettings): Evaluate {
  const { record, space, command, executor, follower, reports, worker, root } = settings;
  const inherited = {
    ...settings.environment,
    ORION_EXPERIMENT_ID: String(record.id),
    ORION_EXPERIMENT_NAME: record.name,
    ORION_EXPERIMENT_VERSION: String(record.version),
    ORION_INTERRUPT_CODE: String(settings.interruptCode),
    // By it a program is found and ended when its worker has died, which is not to happen to one that goes on.
    ...(executor.outlivesItsProcess ? {} : { [workerVariable]: worker }),
  };

  return async (trial, signal) => {
    // Of an earlier worker that was killed; its script must not write into the directory that we go on with.
    if (trial.epoch > 1) await endOrphans({ trialId: trial.id });
    const files = prepareTrialDirectory(root, trial);
    const { argv, configText, configPath } = build(files, trial);
    if (configText !== undefined) writeFileSync(configPath, configText);
    const shown = follower.follow({ number: trial.number, ...files });
    const early = new AbortController();
    const watched = reports.watch(trial, { ...files, stop: () => early.abort() });
    let outcome: Outcome;
    let reported: Reported;
    try {
      outcome = await executor.run(
        {
          kind: "command",
          id: trial.id,
          argv,
          directory: settings.directory,
          stdoutPath: files.stdoutPath,
          stderrPath: files.stderrPath,
          environment: {
            ...inherited,
            ORION_TRIAL_ID: trial.id,
            ORION_WORKING_DIR: files.directory,
            ORION_RESULTS_PATH: files.resultsPath,
            ORION_REPORT_PATH: files.reportPath,
            ORION_STOP_PATH: files.stopPath,
          },
        },
        {
          signal: AbortSignal.any([signal, early.signal]),
          graceMs: settings.graceMs,
          onAdopted: (earlier) => watched.lookAt(reportFilesOf(earlier)),
        },
      );
    } finally {
      // Whatever became of these two files, neither throws: the verdict does not depend on them.
      shown.finish();
      reported = await watched.finish();
    }
    const places = placesOf(outcome, files, shown.stdoutStart);
    const ended = { outcome, ...places, isStopped: signal.aborted };
    const verdict = stoppedEarly(reported, () => resultsIn(places.files)) ?? judge(ended);
    if (verdict.kind === "interrupted") discardResults(files);
    return verdict;
  };

  /** A program of an earlier reservation, found running, has another results file, and has said things before. */
  function placesOf({ adopted }: Outcome, files: TrialFiles, stdoutStart: number) {
    const resultsPath = adopted?.environment.ORION_RESULTS_PATH;
    return resultsPath === undefined ? { files, stdoutStart } : { files: { ...files, resultsPath }, stdoutStart: 0 };
  }

  function build(files: TrialFiles, trial: Trial) {
    const configPath = join(files.directory, command.config?.name ?? "");
    const built = buildCommand(command, {
      space,
      configPath,
      experiment: { ...record, metadata: record.definition.metadata },
      trial: { ...trial, workingDir: files.directory, hashParams: paramsHash(space, trial.params) },
    });
    return { ...built, configPath };
  }

  interface Ended {
    readonly outcome: Outcome;
    readonly files: TrialFiles;
    /** Length of the output file before this run, which may be a resumption. */
    readonly stdoutStart: number;
    readonly isStopped: boolean;
  }

  function judge({ outcome, files, stdoutStart, isStopped }: Ended): Verdict {
    const { exitCode, signal } = outcome;
    if (exitCode === settings.interruptCode) return { kind: "interrupted", isByProgram: !isStopped };
    if (exitCode === 0) return readVerdict(files, stdoutStart, isStopped);
    // Whatever a program does when it is told to stop is not its failure.
    if (isStopped) return { kind: "interrupted", isByProgram: false };
    refuseFullDisk(files.directory);
    const code = signal === undefined ? `exit code ${exitCode}` : `killed by ${signal} (exit code ${exitCode})`;
    return { kind: "broken", failure: describeFailure(outcome.reason ?? code, outcome, files) };
  }

  function readVerdict(files: TrialFiles, stdoutStart: number, isStopped: boolean): Verdict {
    const read = readResults(files.resultsPath);
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
      remedyOfMissingResult:
        "The program must write its results to the file named by $ORION_RESULTS_PATH, " +
        'e.g. [{"name": "loss", "type": "objective", "value": 0.5}]; or use --objective-pattern.',
    };
  }
}

/** What the program has reported as its results, if that can be read. */
function resultsIn({ resultsPath }: TrialFiles) {
  const read = readResults(resultsPath);
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

/** What a program may have reported before it was interrupted is void, and must not look unread. */
function discardResults({ resultsPath }: TrialFiles): void {
  try {
    rmSync(resultsPath, { force: true });
  } catch {
    // It is a directory now, or ours no more; the next reservation has another file.
  }
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

function describeFailure(reason: string, { exitCode, signal }: Outcome, files: TrialFiles): Failure {
  const stderr = readTail(files.stderrPath, stderrBytes);
  return {
    reason,
    exitCode,
    ...(signal === undefined ? {} : { signal }),
    ...(stderr === "" ? {} : { stderr }),
  };
}
