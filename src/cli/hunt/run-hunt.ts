import { randomBytes } from "node:crypto";
import type { Executor } from "../../executors/executor.js";
import { openExperiment } from "../../experiment/experiment.js";
import { resolveRule } from "../../stopping/resolve-rule.js";
import type { ExperimentRecord } from "../../storage/storage.js";
import type { UserCommand } from "../../worker/command/user-command.js";
import { endsSearch } from "../../worker/ending.js";
import { evaluateCommand } from "../../worker/evaluate-command.js";
import { createFollower } from "../../worker/follow-output.js";
import { startGuard } from "../../worker/guard.js";
import { impatient } from "../../worker/impatient.js";
import { createReportWatch } from "../../worker/report-watch.js";
import { runWorker } from "../../worker/run-worker.js";
import { handInSpooled } from "../../worker/spool.js";
import { spoolFolders, spoolPlace } from "../../worker/spool-place.js";
import {
  removeEmptyRoot,
  removeKeptDirectories,
  removeTrialDirectory,
} from "../../worker/trial-directory/trial-directory.js";
import { trialRoot } from "../../worker/trial-directory/trial-root.js";
import { createWorkerId, isGone } from "../../worker/worker-id.js";
import type { Session } from "../session.js";
import type { Terminal } from "../terminal.js";
import { conclude } from "./conclude.js";
import { createHuntLog } from "./hunt-log.js";
import { listenForStop } from "./listen-for-stop.js";
import { showProgress } from "./progress.js";
import { workerNews } from "./worker-news.js";
import type { WorkerSettings } from "./worker-settings.js";

interface Hunt {
  readonly terminal: Terminal;
  readonly session: Pick<Session, "storage" | "directories">;
  readonly record: ExperimentRecord;
  readonly command: UserCommand;
  /** Absolute; where the command starts. */
  readonly directory: string;
  /** Absolute; where the file of an algorithm is looked for. */
  readonly algorithmDirectory: string;
  readonly objectivePattern: RegExp | undefined;
  readonly executor: Executor;
  readonly settings: WorkerSettings;
  /** Leads to the database, see `placeOf`. */
  readonly place: string;
  readonly isVersionAsked: boolean;
  /** Standard output is for one JSON document. */
  readonly isJson: boolean;
}

/** Be one worker of an experiment until there is nothing left to do for it. Returns the exit code. */
export async function runHunt({
  terminal,
  session,
  record,
  command,
  directory,
  algorithmDirectory,
  objectivePattern,
  executor,
  settings,
  place,
  isVersionAsked,
  isJson,
}: Hunt): Promise<number> {
  const { storage, directories } = session;
  // Before anything is started: another version of orion may have stored a rule that is unknown here.
  const { stopping } = record.definition;
  const rule = stopping === undefined ? undefined : await resolveRule(stopping);
  const opened = await openExperiment(storage, record, { directory: algorithmDirectory });
  const worker = createWorkerId({ pid: process.pid, nonce: randomBytes(8).toString("hex") });
  const { continuesTrials } = opened;
  const root = trialRoot({ cacheDirectory: directories.cache, record, continuesTrials });
  const handedIn = await handInSpooled({ folders: spoolFolders(root), storage });
  if (handedIn > 0) {
    const results = handedIn === 1 ? "the results of a trial" : `the results of ${handedIn} trials`;
    terminal.error(`Handed in ${results} that an earlier worker had to leave in files.\n`);
  }

  const guard = startGuard({ worker, path: terminal.env.PATH ?? "/usr/bin:/bin" });
  const stop = listenForStop({
    terminal,
    say: (text) => display.printText(text),
    graceMs: settings.graceMs,
    killAll: () => executor.close(),
    now: () => performance.now(),
  });
  using experiment = impatient(opened, stop.signal);
  const display = showProgress({ terminal, experiment, isJson });
  const news = workerNews(display.printText);
  const log = createHuntLog({ verbosity: terminal.verbosity, print: display.printText, now: () => new Date() });
  log.began({ storageUrl: storage.url, record, directory, trialFolder: root.folder, worker });
  const follower = createFollower({
    stdout: display.print,
    stderr: display.printError,
    ...(settings.nWorkers > 1 ? { prefix: (number: number) => `[trial ${number}] ` } : {}),
  });
  const reports = createReportWatch({ storage: experiment.storage, record, rule, onNote: news.note });
  const evaluate = evaluateCommand({
    ...settings,
    record,
    space: experiment.space,
    command,
    executor,
    follower,
    reports,
    worker,
    root,
    directory,
    objectivePattern,
    environment: definedOnly(terminal.env),
    onNote: news.note,
  });
  try {
    const end = await runWorker({
      ...settings,
      experiment,
      worker,
      signal: stop.signal,
      isGone,
      now: () => Date.now(),
      spoolOf: (trial) => spoolPlace(root, trial),
      evaluate,
      events: {
        ...news,
        started: (trial) => {
          log.started(trial);
          display.started(trial);
        },
        ended: (trial, verdict) => {
          log.ended(trial, verdict);
          display.ended(trial, verdict);
          if (verdict.kind === "completed") removeTrialDirectory(root, trial);
        },
      },
    });
    await display.stop();
    if (endsSearch(end)) await removeKeptDirectories(root, experiment);
    return await conclude({
      terminal,
      experiment,
      end,
      settings,
      place: storage.url === "memory:" ? undefined : place,
      isVersionAsked,
      isJson,
    });
  } finally {
    await display.stop();
    experiment.close();
    stop.ignore();
    guard.close();
    follower.close();
    reports.close();
    removeEmptyRoot(root);
  }
}

function definedOnly(env: Terminal["env"]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
