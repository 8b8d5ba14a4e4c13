import { writeFileSync } from "node:fs";
import type { CommandEvaluation } from "../executors/executor.js";
import type { Trial } from "../trial/trial.js";
import { unlessUnreadable } from "./read-pieces.js";
import { createReportReader, type ReportReader, type ReportsFound } from "./read-reports.js";
import { openReportBook, type ReportBookOptions, type TrialReports } from "./report-book.js";

/** Keeps what running programs report, and stops those that a rule gives up. */
export interface ReportWatch {
  /**
   * `add` takes what comes on other ways than the file; `finish` reads the rest of the file first. Neither rejects: a
   * file that cannot be read has nothing new, and the user is told once for each trial.
   */
  watch(trial: Trial, program: WatchedProgram): WatchedReports;
  close(): void;
}

export interface WatchedReports extends TrialReports {
  /** The program is one of an earlier reservation, with other files: look at those, too. */
  lookAt(files: Partial<ProgramFiles>): void;
}

interface ProgramFiles {
  /** The file that the program appends its reports to. Without one, there is nothing to look at. */
  readonly reportPath: string;
  /** The file that appears when it should stop. */
  readonly stopPath: string;
}

export interface WatchedProgram extends Partial<ProgramFiles> {
  /** Ask the program to end. */
  readonly stop: (reason: string) => void;
}

export interface ReportWatchOptions extends ReportBookOptions {
  /** Milliseconds between two looks at the files. Default 200. */
  readonly intervalMs?: number;
  /** Something that the user should know. */
  readonly onNote: (note: string) => void;
}

interface Watched {
  readonly trial: Trial;
  readonly readers: ReportReader[];
  readonly reports: TrialReports;
  isToldUnreadable: boolean;
}

const nothing: ReportsFound = { reports: [], invalid: undefined };

/** Watch any number of programs with one timer. A look at a file that has not grown costs a few microseconds. */
export function createReportWatch({ intervalMs = 200, onNote, ...options }: ReportWatchOptions): ReportWatch {
  const book = openReportBook(options);
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  const read = (one: Watched, isOver: boolean) =>
    one.readers.flatMap((reader) => {
      const { reports, invalid } = unlessUnreadable(
        () => reader.read(isOver),
        (error) => {
          tellUnreadable(one, reader, error);
          return nothing;
        },
      );
      if (invalid !== undefined) {
        onNote(
          `A line of the reports is not a step with a value: ${JSON.stringify(invalid.slice(0, 60))}. It is left out.`,
        );
      }
      return reports;
    });
  const tellUnreadable = (one: Watched, { path }: ReportReader, { message }: Error) => {
    if (!one.isToldUnreadable)
      onNote(`The reports of trial ${one.trial.number} in "${path}" cannot be read: ${message}.`);
    one.isToldUnreadable = true;
  };
  const lookAtAll = async () => {
    await Promise.all([...watched].map((one) => one.reports.add(read(one, false))));
  };
  const look = () => {
    looking ??= lookAtAll().finally(() => {
      looking = undefined;
    });
  };
  const begin = (one: Watched) => {
    watched.add(one);
    timer ??= setInterval(look, intervalMs).unref();
  };
  const end = async (one: Watched) => {
    await looking;
    watched.delete(one);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    watch(trial, { stop, ...files }) {
      const stopPaths = new Set<string>();
      const reports = book.open(trial, (reason) => {
        for (const path of stopPaths) announceStop(path, reason);
        stop(reason);
      });
      const one: Watched = { trial, readers: [], reports, isToldUnreadable: false };
      const lookAt = ({ reportPath, stopPath }: Partial<ProgramFiles>) => {
        if (stopPath !== undefined) stopPaths.add(stopPath);
        if (reportPath === undefined) return;
        one.readers.push(createReportReader(reportPath));
        begin(one);
      };
      lookAt(files);
      return {
        get stopped() {
          return reports.stopped;
        },
        add: reports.add,
        lookAt,
        finish: async () => {
          if (watched.has(one)) await end(one);
          return reports.finish(read(one, true));
        },
      };
    },
    close() {
      watched.clear();
      clearInterval(timer);
    },
  };
}

function announceStop(path: string, reason: string): void {
  try {
    writeFileSync(path, `${reason}\n`);
  } catch {
    // Its directory is gone or full; the signal says it too.
  }
}

/** Where a program that an earlier worker started reports to, and looks whether it should stop. */
export function reportFilesOf({ environment }: CommandEvaluation): Partial<ProgramFiles> {
  const { ORION_REPORT_PATH: reportPath, ORION_STOP_PATH: stopPath } = environment;
  return { ...(reportPath === undefined ? {} : { reportPath }), ...(stopPath === undefined ? {} : { stopPath }) };
}
