import { UsageError } from "../errors.js";
import type { CallContext, EvaluationControl } from "./executor.js";

/** The reason with which a signal is aborted when a stopping rule has given a trial up: nobody is to resume it. */
export class EarlyStop extends Error {
  override readonly name = "EarlyStop";
}

/** Why a signal was aborted, if by a stopping rule: what crosses the border of a process. */
export function earlyReason({ reason }: AbortSignal): string | undefined {
  return reason instanceof EarlyStop ? reason.message : undefined;
}

/** What aborts a signal on the other side of the border. */
export function abortReason(early: string | undefined): EarlyStop | undefined {
  return early === undefined ? undefined : new EarlyStop(early);
}

export interface OpenContext {
  readonly context: CallContext;
  /** The function has ended: what it may still report is dropped, and the rest is taken before this resolves. */
  close(): Promise<unknown>;
}

/** The last argument of a function. @param onReport - Takes its reports; without it they are dropped. */
export function openContext(signal: AbortSignal, onReport: EvaluationControl["onReport"]): OpenContext {
  const waiting = new Set<Promise<void>>();
  let isClosed = false;
  const report = (step: number, value: number): Promise<void> => {
    requireReport(step, value);
    if (isClosed) return Promise.resolve();
    const taken = Promise.resolve(onReport?.(step, value)).finally(() => waiting.delete(taken));
    waiting.add(taken);
    return taken;
  };
  const context = {
    signal,
    report,
    get shouldStop() {
      return earlyReason(signal) !== undefined;
    },
  };
  return {
    context,
    close: () => {
      isClosed = true;
      return Promise.all(waiting);
    },
  };
}

/** @throws {UsageError} at once, for a step that is no finite number or a value that is no number at all. */
export function requireReport(step: unknown, value: unknown): void {
  if (typeof value === "number" && typeof step === "number" && Number.isFinite(step)) return;
  const [name, wrong] = typeof value === "number" ? ["step", step] : ["value", value];
  throw new UsageError(
    `The ${name} of a report is ${typeof wrong === "number" ? wrong : `of type ${wrong === null ? "null" : typeof wrong}`}.`,
    "Report two numbers: report(step, value), with steps that grow.",
  );
}
