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

/** What a thread says of its running call. */
export type ThreadAnswer = ReportMessage & { readonly number: number };

/** What a runner says of a running call. */
export interface ReportMessage {
  readonly step: number;
  readonly value: number;
}
