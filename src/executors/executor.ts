/**
 * Where an evaluation runs, no more: an executor knows no storage, and the worker that owns the trial reports.
 * What one executor runs, all run.
 */
export interface Executor extends AsyncDisposable {
  readonly name: string;
  /**
   * True when what it runs goes on after this process has died, and is found again by its `id`. Then nothing in the
   * environment may tie the program to this process.
   */
  readonly outlivesItsProcess?: boolean;
  /**
   * Start an evaluation. `signal` stops it: TERM to its whole process group, KILL after `graceMs`.
   * The promise never rejects for what the program did; it rejects when it could not be started at all
   * (`EvaluationError`: not found, not executable).
   */
  run(evaluation: CommandEvaluation, control: EvaluationControl): Promise<Outcome>;
  /**
   * Call a function. Whatever becomes of the call is an outcome; the promise rejects only when the executor itself
   * cannot work (`UsageError` for a closure where there are none, a lost cluster).
   */
  call(evaluation: FunctionEvaluation, control: EvaluationControl): Promise<CallOutcome>;
  /** End everything that runs, without grace, and leave no process behind. */
  close(): Promise<void>;
}

/** Plain data: a command without a shell, one entry of `argv` per word. */
export interface CommandEvaluation {
  readonly kind: "command";
  /** Of the trial. An executor that outlives its process finds by it what still runs from an earlier one. */
  readonly id?: string;
  readonly argv: readonly [string, ...string[]];
  /** The whole environment of the program. */
  readonly environment: Readonly<Record<string, string>>;
  /** Directory in which the program starts. */
  readonly directory: string;
  /** Files that receive the program's output; they are appended to, since a trial can be resumed. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

export type FunctionEvaluation = ModuleCall | Closure;

/** Plain data: a function that any process can find by itself. */
export interface ModuleCall {
  readonly kind: "module";
  /** As with commands: for an executor that outlives its process. */
  readonly id?: string;
  /** What `import()` takes anywhere: a `file:` URL, or the name of an installed package. */
  readonly url: string;
  /** Name of the export; "default" for the default one. */
  readonly exportName: string;
  /** JSON values, in which NaN, infinities and -0 survive. Behind them the function gets its context. */
  readonly args: readonly unknown[];
  /** Where executors that run commands elsewhere have the function's reports written, and look for the word to stop. */
  readonly files?: { readonly reportPath: string; readonly stopPath: string };
}

/** A function of this process, which no other one can run. */
export interface Closure {
  readonly kind: "closure";
  readonly call: (context: CallContext) => unknown;
}

/** What a called function gets besides its arguments. */
export interface CallContext {
  /** Aborted when the evaluation is to stop; a function that listens ends in order. */
  readonly signal: AbortSignal;
  /**
   * Tell how it goes: the objective so far, after so many epochs or batches. Steps grow; one that is reported again
   * replaces its value. Need not be awaited; who does finds `shouldStop` up to date, as the stopping rule has looked.
   * @throws {UsageError} at once, for a step that is not finite or a value that is no number.
   */
  report(step: number, value: number): Promise<void>;
  /**
   * True when a stopping rule has given the trial up; then its last report, or what the function returns, is its result.
   * It changes while the function runs: read it from the object each time.
   */
  readonly shouldStop: boolean;
}

export interface EvaluationControl {
  readonly signal: AbortSignal;
  /** Milliseconds between TERM and KILL; for functions, between the abort of their signal and the end by force. */
  readonly graceMs: number;
  /** Milliseconds after which an evaluation is stopped. Executors need not look at it: `openExecutor` does. */
  readonly timeoutMs?: number;
  /** Told at once when it is found running from an earlier process, of the command that this one had started. */
  readonly onAdopted?: (earlier: CommandEvaluation) => void;
  /** Told what a user should know while it waits for its turn, a sentence. */
  readonly onNote?: (note: string) => void;
  /** Takes the reports of a function, one after the other; resolves when the report was judged. Never rejects. */
  readonly onReport?: (step: number, value: number) => Promise<void>;
}

/** How a call ended. */
export type CallOutcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly error: ThrownError }
  /** What ran it exited, was killed, or ran out of memory or time. `reason` is a sentence for people. */
  | { readonly kind: "died"; readonly reason: string; readonly isLost?: true }
  /** Because the signal said so. */
  | { readonly kind: "stopped" };

/** What was thrown, as text: it may have crossed the borders of processes and languages. */
export interface ThrownError {
  /** "Error", "TypeError" …; the type of what was thrown where that was no error. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** How a program ended. */
export interface Outcome {
  /** 0 … 255. A program that a signal ended has 128 + its number, as in a shell. */
  readonly exitCode: number;
  /** Name of the signal that such a code stands for. A program may use the code by itself, which nobody can tell. */
  readonly signal: string | undefined;
  /** Where the program did not end by itself, nor by the caller's signal: why, as a sentence for people. */
  readonly reason?: string;
  /** It was found running from an earlier process, and is this: the same command, with the environment of then. */
  readonly adopted?: CommandEvaluation;
  /** The machine or the cluster is to blame and not the program: run it again. The exit code says nothing. */
  readonly isLost?: true;
}

/** What the file of an executor exports by default. */
export interface ExecutorModule {
  /** One sentence for `--help` and the docs. */
  readonly summary: string;
  /** False where a function that does not listen to its signal can only be abandoned: it runs on, and nobody waits. */
  readonly canInterrupt: boolean;
  /** True where functions of this very process can be called. */
  readonly takesClosures: boolean;
  /** True where programs start on other machines than this. */
  readonly startsElsewhere?: true;
  /** Every option, with its default. Another one is refused. */
  readonly options: Readonly<Record<string, ExecutorOption>>;
  /** Who takes options that are not in the table, for people: "ray.init". Without it there are no others. */
  readonly passesOptionsTo?: string;
  /** Look whether it can work here, before any trial is taken. @throws {ConfigurationError} what is missing */
  check?(settings: ExecutorSettings): Promise<void>;
  /** @throws {ConfigurationError} when it cannot be opened: a cluster that does not answer. */
  open(settings: ExecutorSettings): Executor | Promise<Executor>;
}

export interface ExecutorOption {
  readonly default: unknown;
  /** Completes the sentence "the option … must be …". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** One line for the manual. */
  readonly doc: string;
}

export interface ExecutorSettings {
  /** Functions that may run at the same time. */
  readonly nWorkers: number;
  /** The executor's options, checked, defaults filled in. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Absolute; for files that an executor shares with its machines. It need not exist. */
  readonly directory: string;
  /** What functions find in their environment on another machine. */
  readonly environment: Readonly<Record<string, string>>;
}
