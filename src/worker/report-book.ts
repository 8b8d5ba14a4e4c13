import { addReport, followCurves, type GrowingCurve } from "../experiment/curves.js";
import type { ResolvedRule } from "../stopping/resolve-rule.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { Report, Trial } from "../trial/trial.js";
import { leaseOf } from "./pacemaker.js";
import type { WorkerStorage } from "./worker-experiment.js";

/** Keeps what running trials report, however it comes, and asks the stopping rule about them. */
export interface ReportBook {
  /** @param stop - Called once, with why, when the rule gives the trial up. */
  open(trial: Trial, stop: (reason: string) => void): TrialReports;
}

/** The reports of one trial in our hands. */
export interface TrialReports {
  /** Keep these, and ask the rule once for each. Resolves when that is done; never rejects. */
  add(reports: readonly Report[]): Promise<void>;
  /** The trial is over: keep these too, ask no more, and say how far it came. What is added later is dropped. */
  finish(rest?: readonly Report[]): Promise<Reported>;
  readonly stopped: string | undefined;
}

export interface Reported {
  readonly last: Report | undefined;
  /** Why it was stopped early, if it was. */
  readonly stopped: string | undefined;
}

export interface ReportBookOptions {
  readonly storage: Pick<WorkerStorage, "addReports" | "readReports">;
  readonly record: ExperimentRecord;
  /** Without one, reports are kept and nobody is stopped. */
  readonly rule: ResolvedRule | undefined;
}

/**
 * What is new of a trial goes to the database with one statement, and then the rule is asked once for each report; what
 * comes meanwhile is the next batch.
 *
 * Reports are of use, not of record: when the database is away they are kept for the next time.
 */
export function openReportBook({ storage, record, rule }: ReportBookOptions): ReportBook {
  const { direction } = record.definition;
  const sign = direction === "maximize" ? -1 : 1;
  const follow = followCurves({ storage, experimentId: record.id, direction });

  async function judge({ number }: Trial, curve: GrowingCurve): Promise<string | undefined> {
    if (rule === undefined) return undefined;
    const all = await follow().catch(() => undefined);
    if (all === undefined) return undefined;
    const others = [...all].filter(([other]) => other !== number).map(([, other]) => other);
    return rule.rule.judge({ options: rule.options, curve, others, sign });
  }

  return {
    open(trial, stop) {
      /** Its own reports so far, to be minimised. */
      const curve: GrowingCurve = { steps: [], values: [] };
      /** What was not judged yet, and what the database does not have yet. */
      let fresh: Report[] = [];
      let unsaved: Report[] = [];
      let last: Report | undefined;
      let stopped: string | undefined;
      let isOver = false;
      let taking: Promise<void> | undefined;

      const save = async () => {
        const batch = unsaved;
        unsaved = [];
        try {
          await storage.addReports(leaseOf(trial), batch);
        } catch {
          unsaved = [...batch, ...unsaved]; // with the next ones
        }
      };
      const take = async () => {
        const batch = fresh;
        fresh = [];
        if (unsaved.length > 0) await save();
        for (const { step, value } of batch) {
          addReport(curve, { step, value: sign * value });
          if (isOver || stopped !== undefined) continue;
          stopped = await judge(trial, curve);
          if (stopped !== undefined) stop(stopped);
        }
      };
      const add = async (reports: readonly Report[]): Promise<void> => {
        fresh.push(...reports);
        unsaved.push(...reports);
        last = reports.at(-1) ?? last;
        while (taking !== undefined) await taking;
        taking = take().finally(() => {
          taking = undefined;
        });
        await taking;
      };

      return {
        get stopped() {
          return stopped;
        },
        add: async (reports) => {
          if (!isOver && reports.length > 0) await add(reports);
        },
        finish: async (rest = []) => {
          isOver = true;
          await add(rest);
          return { last, stopped };
        },
      };
    },
  };
}
