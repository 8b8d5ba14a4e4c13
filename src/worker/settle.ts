import { EvaluationError } from "../errors.js";
import type { Ending } from "./ending.js";
import type { Held } from "./places.js";
import type { Reporter } from "./report.js";
import type { Verdict } from "./verdict.js";
import { unlessAway } from "./work-finder.js";
import type { WorkerOptions } from "./worker-options.js";

/** Records what came of trials, counts it, and ends the worker where a verdict says so. */
export interface Settler {
  /** Trials that this worker has completed. */
  readonly completed: number;
  /** Trials that have failed here, those that somebody else has by then not counted. */
  readonly broken: number;
  settle(held: Pick<Held, "trial" | "isLost">, verdict: Verdict): Promise<void>;
}

interface SettlerOptions extends Pick<WorkerOptions, "experiment" | "events" | "maxBroken"> {
  readonly reporter: Reporter;
  readonly ending: Ending;
}

type Kind<K extends Verdict["kind"]> = Extract<Verdict, { readonly kind: K }>;

export function createSettler({ experiment, events, maxBroken, reporter, ending }: SettlerOptions): Settler {
  const { storage, record } = experiment;
  let completed = 0;
  let broken = 0;

  async function complete({ trial }: Pick<Held, "trial">, verdict: Kind<"completed">): Promise<void> {
    const fate = await reporter.finish(trial, verdict);
    // It will be run again, in its directory, which has the last copy of the results.
    if (fate === "nowhere") return events.ended(trial, { kind: "interrupted", isByProgram: false });
    if (fate === "completed") completed++;
    else if (fate !== "spooled") events.late(trial, fate);
    events.ended(trial, verdict);
  }

  async function fail({ trial, isLost }: Pick<Held, "trial" | "isLost">, verdict: Kind<"broken">): Promise<void> {
    const { failure, remedyOfMissingResult: remedy } = verdict;
    if (!(await reporter.release(trial, "broken", failure))) {
      // Somebody else has the trial now, and perhaps its directory: what went wrong here says nothing about it.
      if (!isLost) events.lost(trial);
      return events.ended(trial, { kind: "interrupted", isByProgram: false });
    }
    broken++;
    if (broken >= maxBroken) ending.finish({ kind: "worker-broken" });
    if (remedy !== undefined && (await isFirst())) {
      ending.fail(new EvaluationError(`Trial ${trial.id}: ${failure.reason}`, remedy));
    }
    events.ended(trial, verdict);
  }

  async function interrupt({ trial }: Pick<Held, "trial">, verdict: Kind<"interrupted">): Promise<void> {
    await reporter.release(trial, "interrupted");
    if (verdict.isByProgram) ending.interrupt();
    events.ended(trial, verdict);
  }

  /** A program that has never reported anything will not start to: better stop than break one trial after the other. */
  async function isFirst(): Promise<boolean> {
    if (completed > 0) return false;
    const summary = await unlessAway(storage.summarize(record.id), undefined);
    return summary?.counts.completed === 0;
  }

  return {
    get completed() {
      return completed;
    },
    get broken() {
      return broken;
    },
    settle: async (held, verdict) => {
      if (verdict.kind === "completed") await complete(held, verdict);
      else if (verdict.kind === "broken") await fail(held, verdict);
      else await interrupt(held, verdict);
    },
  };
}
