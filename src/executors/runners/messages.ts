/** What a runner is told while it runs a call. */
export type RunnerMessage =
  /** Stop; `early` says why, when a stopping rule has given the trial up. */
  | { readonly abort: true; readonly early: string | undefined }
  /** The oldest report that was sent and not yet answered was judged. */
  | { readonly judged: true };

/** The same for a process of the pool, which gets its calls as messages, too: as text, as its outcomes come back. */
export type ProcessMessage = RunnerMessage | string;

/** The same for the threads of a pool, which all hear it: the call that it is for has a number. */
export type ThreadWord = RunnerMessage & { readonly number: number };

/**
 * What a runner says of its running call. Marked, since a function may say something on the channel of its process or
 * thread, too, as programs do to whoever started them.
 */
export interface ReportMessage {
  readonly orion: "report";
  readonly step: number;
  readonly value: number;
}

/** The same of a process. */
export type ProcessAnswer =
  | { readonly orion: "outcome"; readonly text: string }
  /** JSON has no NaN. */
  | { readonly orion: "report"; readonly step: number; readonly value: string };

/** The same of a thread, whose outcomes are its pool's business. */
export type ThreadAnswer = ReportMessage & { readonly number: number };

/** True for what a runner said, and not its function. */
export function isAnswer(message: unknown): message is { readonly orion: string } {
  return typeof message === "object" && message !== null && "orion" in message;
}
