import { closeSync, rmSync } from "node:fs";
import type { Executor, Outcome } from "../executors/executor.js";
import type { Space } from "../space/dimension.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { Trial, WorkerId } from "../trial/trial.js";
import { paramsHash } from "../trial/trial-id.js";
import { buildCommand } from "./command/build-command.js";
import type { UserCommand } from "./command/user-command.js";
import type { Follower } from "./follow-output.js";
import { type EndedProgram, type JudgeSettings, judgeProgram } from "./judge-program.js";
import { endOrphans } from "./orphans.js";
import { openToRead, unlessUnreadable } from "./read-pieces.js";
import type { Reported } from "./report-book.js";
import { type ReportWatch, reportFilesOf } from "./report-watch.js";
import { prepareTrialDirectory } from "./trial-directory/trial-directory.js";
import { pathForProgram, type TrialFiles, writeForProgram } from "./trial-directory/trial-files.js";
import type { TrialRoot } from "./trial-directory/trial-root.js";
import type { Evaluate } from "./verdict.js";
import { workerVariable } from "./worker-id.js";

export interface CommandSettings extends JudgeSettings {
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
}

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
    if (configText !== undefined) writeForProgram(files, configPath, configText);
    const shown = follower.follow({ number: trial.number, ...files });
    const early = new AbortController();
    const watched = reports.watch(trial, { ...files, stop: () => early.abort() });
    using opened = keepOpen(files.resultsPath);
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
          onNote: settings.onNote,
          onAdopted: (earlier) => watched.lookAt(reportFilesOf(earlier)),
        },
      );
    } finally {
      // Neither throws, whatever became of their files: the verdict does not depend on them.
      shown.finish();
      reported = await watched.finish();
    }
    const places = placesOf(outcome, { files, stdoutStart: shown.stdoutStart, openedResults: opened.file });
    const verdict = judgeProgram({ outcome, reported, ...places, isStopped: signal.aborted }, settings);
    if (verdict.kind === "interrupted") discardResults(files);
    return verdict;
  };

  function build(files: TrialFiles, trial: Trial) {
    const configPath = pathForProgram(files, command.config?.name ?? "");
    const built = buildCommand(command, {
      space,
      configPath,
      experiment: { ...record, metadata: record.definition.metadata },
      trial: { ...trial, workingDir: files.directory, hashParams: paramsHash(space, trial.params) },
    });
    return { ...built, configPath };
  }
}

/** What a program may have reported before it was interrupted is void, and must not look unread. */
function discardResults({ resultsPath }: TrialFiles): void {
  try {
    rmSync(resultsPath, { force: true });
  } catch {
    // It is a directory now, or ours no more; the next reservation has another file.
  }
}

/** A file that can still be read when it has been removed. */
function keepOpen(path: string): Disposable & { readonly file: number | undefined } {
  const file = unlessUnreadable(
    () => openToRead(path),
    () => undefined,
  );
  return { file, [Symbol.dispose]: () => file !== undefined && closeSync(file) };
}

type Places = Pick<EndedProgram, "files" | "stdoutStart" | "openedResults">;

/** A program of an earlier reservation, found running, has another results file, and has said things before. */
function placesOf({ adopted }: Outcome, places: Places): Places {
  const resultsPath = adopted?.environment.ORION_RESULTS_PATH;
  return resultsPath === undefined ? places : { files: { ...places.files, resultsPath }, stdoutStart: 0 };
}
