import { writeFileSync } from "node:fs";
import { addReport, followCurves, type GrowingCurve } from "../experiment/curves.js";
import type { ResolvedRule } from "../stopping/resolve-rule.js";
import type { ExperimentRecord, Storage } from "../storage/storage.js";
import type { Report, Trial } from "../trial/trial.js";
import { leaseOf } from "./pacemaker.js";
import { createReportReader, type ReportReader } from "./read-reports.js";

/** Keeps what running programs report, and stops those that a rule gives up. */
export interface ReportWatch {
  watch(trial: Trial, program: WatchedProgram): WatchedTrial;
  close(): void;
}

export interface WatchedProgram {
  /** The file that the program appends its reports to. */
  readonly reportPath: string;
  /** The file that appears when it should stop. */
  readonly stopPath: string;
  /** Ask the program to end. */
  readonly stop: () => void;
}

export interface WatchedTrial {
  /** The program has ended: read the rest, keep it, and say how far the trial came. */
  finish(): Promise<Reported>;
}

export interface Reported {
  readonly last: Report | undefined;
  /** Why it was stopped early, if it was. */
  readonly stopped: string | undefined;
}

export interface ReportWatchOptions {
  readonly storage: Pick<Storage, "addReports" | "readReports">;
  readonly record: ExperimentRecord;
  /** Without one, reports are kept and nobody is stopped. */
  readonly rule: ResolvedRule | undefined;
  /** Milliseconds between two looks at the files. Default 200. */
  readonly intervalMs?: number;
  /** Something that the user should know. */
  readonly onNote: (note: string) => void;
}

interface Watched {
  readonly trial: Trial;
  readonly program: WatchedProgram;
  readonly reader: ReportReader;
  /** What the database does not have yet. */
  unsaved: Report[];
  /** Its own reports so far, to be minimised. */
  readonly curve: GrowingCurve;
  last: Report | undefined;
  stopped: string | undefined;
}

/**
 * Watch any number of programs with one timer. A look at a file that has not grown costs a few microseconds; what is
 * new of a trial goes to the database with one statement, and then the rule is asked once for each report.
 *
 * Reports are of use, not of record: when the database is away they are kept for the next time, and a program never
 * waits for them.
 */
export function createReportWatch(options: ReportWatchOptions): ReportWatch {
  const { storage, record, rule, intervalMs = 200, onNote } = options;
  const { direction } = record.definition;
  const sign = direction === "maximize" ? -1 : 1;
  const follow = followCurves({ storage, experimentId: record.id, direction });
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  async function take(one: Watched, isOver: boolean): Promise<void> {
    const { reports, invalid } = one.reader.read(isOver);
    if (invalid !== undefined) {
      onNote(`A line of the reports is no step with a value: ${JSON.stringify(invalid.slice(0, 60))}. It is left out.`);
    }
    one.unsaved.push(...reports);
    if (one.unsaved.length === 0) return;
    one.last = one.unsaved.at(-1)!;
    await save(one);
    for (const { step, value } of reports) {
      addReport(one.curve, { step, value: sign * value });
      if (!isOver && one.stopped === undefined) await judge(one);
    }
  }

  async function save(one: Watched): Promise<void> {
    const batch = one.unsaved;
    one.unsaved = [];
    try {
      await storage.addReports(leaseOf(one.trial), batch);
    } catch {
      one.unsaved = [...batch, ...one.unsaved]; // with the next ones
    }
  }

  async function judge(one: Watched): Promise<void> {
    if (rule === undefined) return;
    const all = await follow().catch(() => undefined);
    if (all === undefined) return;
    const others = [...all].filter(([number]) => number !== one.trial.number).map(([, curve]) => curve);
    one.stopped = rule.rule.judge({ options: rule.options, curve: one.curve, others, sign });
    if (one.stopped === undefined) return;
    try {
      writeFileSync(one.program.stopPath, `${one.stopped}\n`);
    } catch {
      // Its directory is gone or full; the signal says it too.
    }
    one.program.stop();
  }

  const lookAtAll = async () => {
    await Promise.all([...watched].map((one) => take(one, false)));
  };
  const look = () => {
    looking ??= lookAtAll().finally(() => {
      looking = undefined;
    });
  };

  return {
    watch(trial, program) {
      const reader = createReportReader(program.reportPath);
      const curve = { steps: [], values: [] };
      const one: Watched = { trial, program, reader, unsaved: [], curve, last: undefined, stopped: undefined };
      watched.add(one);
      timer ??= setInterval(look, intervalMs).unref();
      return {
        finish: async () => {
          await looking;
          watched.delete(one);
          if (watched.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
          await take(one, true);
          return { last: one.last, stopped: one.stopped };
        },
      };
    },
    close() {
      watched.clear();
      clearInterval(timer);
    },
  };
}
