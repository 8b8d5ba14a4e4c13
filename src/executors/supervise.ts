import type { CallOutcome, EvaluationControl, Executor, Outcome } from "./executor.js";
import { longestTimerMs } from "./program.js";

/**
 * An executor that keeps time limits, and runs again what was lost: the same for all of them, so each of them only has
 * to know how to start and how to stop.
 *
 * @param retries - How often an evaluation that was lost is run again.
 */
export function supervise(executor: Executor, retries: number): Executor {
  const { name, outlivesItsProcess } = executor;
  const close = () => executor.close();
  // Not spread: an object of a class has its methods elsewhere.
  return {
    name,
    ...(outlivesItsProcess === undefined ? {} : { outlivesItsProcess }),
    close,
    [Symbol.asyncDispose]: close,
    run: (evaluation, control) =>
      insist(retries, control, async () => {
        const { outcome, reason } = await limitTime(control, (limited) => executor.run(evaluation, limited));
        // What ended well in its grace is a result, however late.
        return reason === undefined || outcome.exitCode === 0 ? outcome : { ...outcome, reason };
      }),
    call: (evaluation, control) =>
      insist(retries, control, async (): Promise<CallOutcome> => {
        const { outcome, reason } = await limitTime(control, (limited) => executor.call(evaluation, limited));
        return reason === undefined || outcome.kind === "returned" ? outcome : { kind: "died", reason };
      }),
  };
}

async function insist<Ended extends Outcome | CallOutcome>(
  retries: number,
  { signal }: EvaluationControl,
  evaluate: () => Promise<Ended>,
): Promise<Ended> {
  for (let left = retries; ; left--) {
    const outcome = await evaluate();
    const isLost = "isLost" in outcome && outcome.isLost === true;
    if (!isLost || left === 0 || signal.aborted) return outcome;
  }
}

async function limitTime<Ended>(
  control: EvaluationControl,
  start: (control: EvaluationControl) => Promise<Ended>,
): Promise<{ readonly outcome: Ended; readonly reason?: string }> {
  const { signal, timeoutMs } = control;
  if (timeoutMs === undefined || timeoutMs > longestTimerMs) return { outcome: await start(control) };
  const abort = new AbortController();
  const stop = () => abort.abort(signal.reason);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = !signal.aborted;
    stop();
  }, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const outcome = await start({ ...control, signal: abort.signal });
    return isLate ? { outcome, reason: `It was ended after its time limit of ${timeoutMs / 1000} s.` } : { outcome };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
