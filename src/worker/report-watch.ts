import { writeFileSync } from "node:fs";
import type { Trial } from "../trial/trial.js";
import { createReportReader, type ReportReader } from "./read-reports.js";
import { openReportBook, type ReportBookOptions, type TrialReports } from "./report-book.js";

/** Keeps what running programs report, and stops those that a rule gives up. */
export interface ReportWatch {
  /** `add` takes what comes on other ways than the file; `finish` reads the rest of the file first. */
  watch(trial: Trial, program: WatchedProgram): TrialReports;
  close(): void;
}

export interface WatchedProgram {
  /** The file that the program appends its reports to. Without one, there is nothing to look at. */
  readonly reportPath?: string;
  /** The file that appears when it should stop. */
  readonly stopPath?: string;
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
  readonly reader: ReportReader;
  readonly reports: TrialReports;
}

/** Watch any number of programs with one timer. A look at a file that has not grown costs a few microseconds. */
export function createReportWatch({ intervalMs = 200, onNote, ...options }: ReportWatchOptions): ReportWatch {
  const book = openReportBook(options);
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  const read = (reader: ReportReader, isOver: boolean) => {
    const { reports, invalid } = reader.read(isOver);
    if (invalid !== undefined) {
      onNote(`A line of the reports is no step with a value: ${JSON.stringify(invalid.slice(0, 60))}. It is left out.`);
    }
    return reports;
  };
  const lookAtAll = async () => {
    await Promise.all([...watched].map(({ reader, reports }) => reports.add(read(reader, false))));
  };
  const look = () => {
    looking ??= lookAtAll().finally(() => {
      looking = undefined;
    });
  };

  const watchFile = (path: string, reports: TrialReports): TrialReports => {
    const reader = createReportReader(path);
    const one = { reader, reports };
    watched.add(one);
    timer ??= setInterval(look, intervalMs).unref();
    return {
      get stopped() {
        return reports.stopped;
      },
      add: reports.add,
      finish: async () => {
        await looking;
        watched.delete(one);
        if (watched.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
        return reports.finish(read(reader, true));
      },
    };
  };

  return {
    watch(trial, { reportPath, stopPath, stop }) {
      const reports = book.open(trial, (reason) => {
        if (stopPath !== undefined) announceStop(stopPath, reason);
        stop(reason);
      });
      return reportPath === undefined ? reports : watchFile(reportPath, reports);
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
