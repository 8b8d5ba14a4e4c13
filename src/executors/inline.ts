import { callHere } from "./call-here.js";
import type {
  CallOutcome,
  CommandEvaluation,
  EvaluationControl,
  Executor,
  ExecutorModule,
  FunctionEvaluation,
  Outcome,
} from "./executor.js";
import { openLaunchers } from "./launcher.js";
import { exitCodeOfSignal, outcomeOf } from "./outcome.js";
import { type Program, startProgram } from "./program.js";

/** The local executor: each command is a child process of this one, the leader of its own process group. */
export function openInline(): Executor {
  const programs = new Set<Program>();
  const launchers = openLaunchers();
  const killAll = () => {
    for (const program of programs) program.kill();
  };
  // For a process that exits without `close`; on Linux a guard covers the deaths that leave no time for this.
  process.once("exit", killAll);
  let isClosed = false;

  const run = async (evaluation: CommandEvaluation, { signal, graceMs }: EvaluationControl): Promise<Outcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    if (signal.aborted) return outcomeOf(exitCodeOfSignal("SIGTERM"));
    const program = launchers.canStart(evaluation) ? launchers.start(evaluation) : startProgram(evaluation);
    const stop = () => program.stop(graceMs);
    signal.addEventListener("abort", stop, { once: true });
    programs.add(program);
    try {
      return await program.ended;
    } finally {
      programs.delete(program);
      signal.removeEventListener("abort", stop);
    }
  };

  const call = async (evaluation: FunctionEvaluation, { signal }: EvaluationControl): Promise<CallOutcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    return callHere(evaluation, signal);
  };

  const close = async () => {
    isClosed = true;
    killAll();
    launchers.close();
    await Promise.allSettled([...programs].map(({ ended }) => ended));
    process.removeListener("exit", killAll);
  };
  return { name: "inline", run, call, close, [Symbol.asyncDispose]: close };
}

export default {
  summary: "Runs every trial as a process on this machine.",
  open: openInline,
} satisfies ExecutorModule;
