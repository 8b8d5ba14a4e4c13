import { atExit } from "../at-exit.js";
import type { CommandEvaluation, EvaluationControl, Outcome } from "./executor.js";
import { openLaunchers } from "./launcher.js";
import { exitCodeOfSignal, outcomeOf } from "./outcome.js";
import { type Program, startProgram } from "./program.js";

/** Runs commands on this machine, each a child of this process and the leader of its own process group. */
export interface LocalPrograms {
  run(evaluation: CommandEvaluation, control: EvaluationControl): Promise<Outcome>;
  /** Kill all that run, with their groups. */
  close(): Promise<void>;
}

export function openLocalPrograms(): LocalPrograms {
  const programs = new Set<Program>();
  const launchers = openLaunchers();
  const killAll = () => {
    for (const program of programs) program.kill();
  };
  // For a process that exits without `close`; on Linux a guard covers the deaths that leave no time for this.
  const forgetExit = atExit(killAll);
  let isClosed = false;

  return {
    async run(evaluation, { signal, graceMs }) {
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
    },

    async close() {
      isClosed = true;
      killAll();
      launchers.close();
      await Promise.allSettled([...programs].map(({ ended }) => ended));
      forgetExit();
    },
  };
}
