import { followCurves } from "../experiment/curves.js";
import { noOthers } from "../stopping/all-curves.js";
import { addPoint, type GrowingCurve } from "../stopping/curves.js";
import type { ResolvedRule } from "../stopping/resolve-rule.js";
import type { Curve } from "../stopping/stopping-rule.js";
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

/** Why the trial with this curve should stop, if it should. */
type Judge = (curve: Curve) => string | undefined;

/**
 * What is new of a trial goes to the database with one statement; what the others have reported by then is read with
 * another, and the rule is asked once for each report. What comes meanwhile is the next batch.
 *
 * Reports are of use, not of record: when the database is away they are kept for the next time.
 */
export function openReportBook({ storage, record, rule }: ReportBookOptions): ReportBook {
  const { direction } = record.definition;
  const sign = direction === "maximize" ? -1 : 1;
  const follow = followCurves({ storage, experimentId: record.id, direction });

  /** How a trial is judged by what is known now; `undefined` while that cannot be read. */
  async function readJudge({ number }: Trial): Promise<Judge | undefined> {
    if (rule === undefined) return undefined;
    const { judge, basis } = rule.rule;
    const others = basis === "trial" ? noOthers : (await follow().catch(() => undefined))?.othersOf(number);
    return others && ((curve) => judge({ options: rule.options, curve, others, sign }));
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
      const isJudged = () => isOver || stopped !== undefined;

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
        const judge = batch.length === 0 || isJudged() ? undefined : await readJudge(trial);
        for (const { step, value } of batch) {
          addPoint(curve, { step, value: sign * value });
          if (isJudged()) continue;
          stopped = judge?.(curve);
          if (stopped !== undefined) stop(stopped);
        }
      };
      const add = async (reports: readonly Report[]): Promise<void> => {
        // One by one: a call takes no list as long as that of a program which is found running may be.
        for (const report of reports) {
          fresh.push(report);
          unsaved.push(report);
        }
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
