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

/** The word to stop, where a function is called. Its signal is made when somebody looks at it, since few do. */
export interface StopWord {
  readonly signal: AbortSignal;
  readonly isSaid: boolean;
  /** Why, if a stopping rule said it. */
  readonly early: string | undefined;
}

export function stopWordOf(signal: AbortSignal): StopWord {
  return {
    signal,
    get isSaid() {
      return signal.aborted;
    },
    get early() {
      return earlyReason(signal);
    },
  };
}

/** On the other side of a border: `say` passes on what aborted the signal on this one. */
export function openStopWord(): StopWord & { say(early: string | undefined): void } {
  // Made when somebody looks: it costs as much as all else about an empty call.
  let controller: AbortController | undefined;
  let isSaid = false;
  let why: string | undefined;
  const abort = () => controller?.abort(why === undefined ? undefined : new EarlyStop(why));
  return {
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (isSaid) abort();
      }
      return controller.signal;
    },
    get isSaid() {
      return isSaid;
    },
    get early() {
      return why;
    },
    say: (early) => {
      if (isSaid) return;
      isSaid = true;
      why = early;
      abort();
    },
  };
}

export interface OpenContext {
  readonly context: CallContext;
  /** The function has ended: what it may still report is dropped, and the rest is taken before this resolves. */
  close(): Promise<unknown> | undefined;
}

/** The last argument of a function. @param onReport - Takes its reports; without it they are dropped. */
export function openContext(stop: StopWord, onReport: EvaluationControl["onReport"]): OpenContext {
  let waiting: Set<Promise<void>> | undefined;
  let isClosed = false;
  const report = (step: number, value: number): Promise<void> => {
    requireReport(step, value);
    if (isClosed) return Promise.resolve();
    waiting ??= new Set();
    const all = waiting;
    const taken = Promise.resolve(onReport?.(step, value)).finally(() => all.delete(taken));
    all.add(taken);
    return taken;
  };
  const context = {
    get signal() {
      return stop.signal;
    },
    report,
    get shouldStop() {
      return stop.early !== undefined;
    },
  };
  return {
    context,
    close: () => {
      isClosed = true;
      return waiting === undefined ? undefined : Promise.all(waiting);
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
