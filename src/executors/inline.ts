import { setTimeout as pause } from "node:timers/promises";
import { stopWordOf } from "./call-context.js";
import { callHere } from "./call-here.js";
import type {
  CallOutcome,
  EvaluationControl,
  Executor,
  ExecutorModule,
  ExecutorSettings,
  FunctionEvaluation,
} from "./executor.js";
import { openLocalPrograms } from "./local-programs.js";
import { longestTimerMs } from "./program.js";
import { limitConcurrency } from "./queue.js";

/**
 * Functions run in this very thread, so asynchronous ones overlap and none can be interrupted; commands are processes
 * of this machine.
 */
export function openInline({ nWorkers }: Pick<ExecutorSettings, "nWorkers"> = { nWorkers: 1 }): Executor {
  const programs = openLocalPrograms();
  const turns = limitConcurrency(nWorkers);
  const calls = new Set<AbortController>();
  let isClosed = false;

  const call = async (evaluation: FunctionEvaluation, control: EvaluationControl): Promise<CallOutcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    const { signal, graceMs, onReport } = control;
    const abort = new AbortController();
    const over = new AbortController();
    const stop = () => abort.abort(signal.reason);
    calls.add(abort);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await turns.run(abort.signal, () =>
        Promise.race([
          callHere(evaluation, { stop: stopWordOf(abort.signal), ...(onReport === undefined ? {} : { onReport }) }),
          abandoned({ stop: abort.signal, over: over.signal, graceMs: () => (isClosed ? 0 : graceMs) }),
        ]),
      );
    } finally {
      calls.delete(abort);
      over.abort();
      signal.removeEventListener("abort", stop);
    }
  };

  const close = async () => {
    isClosed = true;
    for (const abort of calls) abort.abort();
    await programs.close();
  };
  return { name: "inline", run: programs.run, call, close, [Symbol.asyncDispose]: close };
}

interface Wait {
  readonly stop: AbortSignal;
  /** Aborted when nobody waits any more: a timer would hold up the end of the program. */
  readonly over: AbortSignal;
  readonly graceMs: () => number;
}

/**
 * Settles when a function had its time to listen to its signal. Until then it keeps the program alive, which may have
 * nothing else to do.
 */
function abandoned({ stop, over, graceMs }: Wait): Promise<CallOutcome> {
  return new Promise((settle) => {
    const wait = async () => {
      await pause(Math.min(graceMs(), longestTimerMs), undefined, { signal: over }).catch(() => {});
      settle({ kind: "stopped" });
    };
    // The function may have aborted it itself, in what it did at once.
    if (stop.aborted) void wait();
    else stop.addEventListener("abort", wait, { once: true });
  });
}

export default {
  summary: "In this thread; asynchronous functions overlap. A command is a process of this machine.",
  canInterrupt: false,
  takesClosures: true,
  options: {},
  open: openInline,
} satisfies ExecutorModule;
