/**
 * Where an evaluation runs, no more: an executor knows no storage, and the worker that owns the trial reports.
 * What one executor runs, all run.
 */
export interface Executor extends AsyncDisposable {
  readonly name: string;
  /**
   * Start an evaluation. `signal` stops it: TERM to its whole process group, KILL after `graceMs`.
   * The promise never rejects for what the program did; it rejects when it could not be started at all
   * (`EvaluationError`: not found, not executable).
   */
  run(evaluation: CommandEvaluation, control: EvaluationControl): Promise<Outcome>;
  /** End everything that runs, without grace, and leave no process behind. */
  close(): Promise<void>;
}

/** Plain data: a command without a shell, one entry of `argv` per word. */
export interface CommandEvaluation {
  readonly kind: "command";
  readonly argv: readonly [string, ...string[]];
  /** The whole environment of the program. */
  readonly environment: Readonly<Record<string, string>>;
  /** Directory in which the program starts. */
  readonly directory: string;
  /** Files that receive the program's output; they are appended to, since a trial can be resumed. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

export interface EvaluationControl {
  readonly signal: AbortSignal;
  /** Milliseconds between TERM and KILL. */
  readonly graceMs: number;
}

/** How a program ended. */
export interface Outcome {
  /** 0 … 255. A program that a signal ended has 128 + its number, as in a shell. */
  readonly exitCode: number;
  /** Name of the signal that such a code stands for. A program may use the code by itself, which nobody can tell. */
  readonly signal: string | undefined;
}

/** What the file of an executor exports by default. */
export interface ExecutorModule {
  /** One sentence for `--help` and the docs. */
  readonly summary: string;
  open(): Executor | Promise<Executor>;
}
