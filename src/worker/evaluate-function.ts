import { EarlyStop } from "../executors/call-context.js";
import type { CallOutcome, Executor, FunctionEvaluation } from "../executors/executor.js";
import type { Failure, Trial } from "../trial/trial.js";
import { readReturned } from "./read-returned.js";
import type { Reported } from "./report-book.js";
import { type ReportWatch, reportFilesOf } from "./report-watch.js";
import { stoppedEarly } from "./stopped-early.js";
import type { Evaluate, Verdict } from "./verdict.js";

export interface FunctionSettings {
  readonly executor: Executor;
  /** What to call for a trial. */
  readonly callOf: (trial: Trial) => FunctionEvaluation;
  readonly reports: ReportWatch;
  /** Milliseconds that a function has to end when it is told to. */
  readonly graceMs: number;
}

/** Calls the user's function for a trial, wherever the executor does that. */
export function evaluateFunction({ executor, callOf, reports, graceMs }: FunctionSettings): Evaluate {
  return async (trial, signal) => {
    const call = callOf(trial);
    const evaluation = executor.outlivesItsProcess && call.kind === "module" ? { ...call, id: trial.id } : call;
    const early = new AbortController();
    const stop = (reason: string) => early.abort(new EarlyStop(reason));
    const files = evaluation.kind === "module" ? evaluation.files : undefined;
    const watched = reports.watch(trial, { ...files, stop });
    let outcome: CallOutcome;
    let reported: Reported;
    try {
      outcome = await executor.call(evaluation, {
        signal: AbortSignal.any([signal, early.signal]),
        graceMs,
        onReport: (step, value) => watched.add([{ step, value }]),
        onAdopted: (earlier) => watched.lookAt(reportFilesOf(earlier)),
      });
    } finally {
      reported = await watched.finish();
    }
    return stoppedEarly(reported, () => resultsOf(outcome)) ?? judgeCall(outcome);
  };
}

function resultsOf(outcome: CallOutcome) {
  const read = outcome.kind === "returned" ? readReturned(outcome.value) : "nothing";
  return typeof read === "string" ? undefined : read;
}

/** What a call means for its trial. */
export function judgeCall(outcome: CallOutcome): Verdict {
  if (outcome.kind === "stopped") return { kind: "interrupted", isByProgram: false };
  if (outcome.kind === "threw") return { kind: "broken", failure: describeThrown(outcome.error) };
  if (outcome.kind === "died") return { kind: "broken", failure: { reason: outcome.reason } };
  const read = readReturned(outcome.value);
  if (typeof read !== "string") return { kind: "completed", results: read };
  return { kind: "broken", failure: { reason: `The function returned ${read}` } };
}

type Thrown = Extract<CallOutcome, { readonly kind: "threw" }>["error"];

/** Characters of a stack that are kept with a broken trial. */
const stackLength = 4000;

function describeThrown({ name, message, stack }: Thrown): Failure {
  if (stack === undefined && primitives.includes(name)) {
    return { reason: `The function threw ${message} (a value of type ${name}) instead of an Error.` };
  }
  const reason = message === "" ? name : `${name}: ${message}`;
  return { reason, ...(stack === undefined ? {} : { stack: stack.slice(0, stackLength) }) };
}

const primitives = ["string", "number", "bigint", "boolean", "symbol", "undefined", "object", "function"];
