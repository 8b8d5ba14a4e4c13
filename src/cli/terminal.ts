import type { Readable } from "node:stream";

/** The outside world as a command sees it; only `orion.ts` takes it from `process`. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The current directory. */
  readonly directory: string;
  readonly stdin: Readable;
  /** Write text as it is; a command adds its own line ends. */
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** True when standard output is a terminal that a person looks at. */
  readonly isInteractive: boolean;
  /** True when what goes to standard error is seen there too, and not sent elsewhere. */
  readonly showsErrors: boolean;
  /** Columns of the terminal. */
  readonly width: () => number;
  /** How much to say on standard error: 0 warnings, 1 what happens, 2 everything. */
  readonly verbosity: number;
  /** `--debug` was given (`debug` of the configuration does the same): every storage is a throw-away one in memory. */
  readonly isDebug: boolean;
  /** Calls `handler` at SIGINT, SIGTERM and SIGHUP (but under `nohup`), and with SIGPIPE when standard output is lost,
   * until the returned function is called. */
  readonly onStopSignal: (handler: (signal: NodeJS.Signals) => void) => () => void;
  /** End the process at once with this code, whatever is still open. */
  readonly exit: (code: number) => never;
}
