import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { CommandEvaluation, Outcome } from "./executor.js";
import { exitCodeOfSignal, outcomeOf } from "./outcome.js";
import { groupEnded, signalGroup } from "./process-group.js";
import { explainStartError } from "./start-error.js";

/** A user's program that was started on this machine: the leader of a process group of its own. */
export interface Program {
  /**
   * Settles when the leader has ended; after `stop` or `kill` not before its whole group has.
   * Rejects with `EvaluationError` when the program could not be started.
   */
  readonly ended: Promise<Outcome>;
  /** TERM to the group, KILL after `graceMs` to what is left of it. */
  stop(graceMs: number): void;
  /** KILL to the group. */
  kill(): void;
}

/**
 * Start a command, its output going straight into files: no pipe, so that nothing it writes is lost when we die, and
 * no background process of its own that holds the pipe can keep us waiting.
 *
 * @throws {EvaluationError} for what the system refuses at once; see also `Program.ended`.
 */
export function startProgram(evaluation: CommandEvaluation): Program {
  const child = spawnDetached(evaluation);
  let isEnding = false;
  let patienceMs = afterKillMs;
  let killTimer: NodeJS.Timeout | undefined;

  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", (error) => reject(explainStartError(error, evaluation)));
    child.once("exit", async (exitCode, signal) => {
      if (isEnding) await groupEnded(child.pid!, patienceMs);
      clearTimeout(killTimer);
      resolve(outcomeOf(signal === null ? (exitCode ?? 0) : exitCodeOfSignal(signal)));
    });
  });

  const kill = () => {
    if (child.pid === undefined) return;
    isEnding = true;
    signalGroup(child.pid, "SIGKILL");
  };
  const stop = (graceMs: number) => {
    if (child.pid === undefined || isEnding) return;
    isEnding = true;
    patienceMs = graceMs + afterKillMs;
    signalGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(kill, Math.min(graceMs, longestTimerMs));
  };
  return { ended, stop, kill };
}

/** How long we look after a KILL: nobody can refuse it, but a process may hang in the kernel. */
export const afterKillMs = 2000;
/** A longer timer would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

function spawnDetached(evaluation: CommandEvaluation): ChildProcess {
  const { argv, environment, directory, stdoutPath, stderrPath } = evaluation;
  const files: number[] = [];
  try {
    files.push(openSync(stdoutPath, "a"), openSync(stderrPath, "a"));
    const stdio = ["ignore" as const, ...files];
    return spawn(argv[0], argv.slice(1), { cwd: directory, env: environment, stdio, detached: true });
  } catch (error) {
    throw explainStartError(error, evaluation);
  } finally {
    for (const file of files) closeSync(file);
  }
}
