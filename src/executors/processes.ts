import { atExit } from "../at-exit.js";
import { encodeCall } from "./call-text.js";
import { refuseClosure } from "./closures.js";
import type {
  CallOutcome,
  EvaluationControl,
  Executor,
  ExecutorModule,
  ExecutorSettings,
  FunctionEvaluation,
} from "./executor.js";
import { type GroupGuard, openGroupGuard } from "./group-guard.js";
import { openLocalPrograms } from "./local-programs.js";
import { count } from "./options.js";
import { type PoolProcess, startPoolProcess } from "./pool-process.js";
import { limitConcurrency } from "./queue.js";

/**
 * Functions run in child processes that stay for the next call; one that dies takes nothing with it but its call.
 *
 * On node:child_process, without a package for pools: what the contract asks beyond a queue (a group that is killed as a
 * whole, the abort before the force, a death of this process that reaches an endless loop) had to be built around any.
 */
export function openProcesses({ nWorkers, configuration }: ExecutorSettings): Executor {
  const programs = openLocalPrograms();
  const turns = limitConcurrency(nWorkers);
  const all = new Set<PoolProcess>();
  const idle: PoolProcess[] = [];
  const maxMemoryMb = configuration.max_memory_mb as number | undefined;
  let guard: GroupGuard | undefined;
  let isClosed = false;

  const killAll = () => {
    for (const child of all) child.kill();
  };
  const forgetExit = atExit(killAll);

  const take = (): PoolProcess => {
    for (let child = idle.pop(); child !== undefined; child = idle.pop()) if (child.isAlive) return child;
    guard ??= openGroupGuard();
    const child = startPoolProcess({ guard, maxMemoryMb });
    all.add(child);
    void child.ended.then(() => all.delete(child));
    return child;
  };

  const call = async (evaluation: FunctionEvaluation, control: EvaluationControl): Promise<CallOutcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    if (evaluation.kind === "closure") return refuseClosure("processes");
    const text = encodeCall(evaluation);
    return turns.run(control.signal, async () => {
      if (isClosed) return { kind: "stopped" };
      const child = take();
      const outcome = await child.call(text, control);
      if (child.isAlive) idle.push(child);
      return isClosed && outcome.kind === "died" ? { kind: "stopped" } : outcome;
    });
  };

  const close = async () => {
    isClosed = true;
    killAll();
    await Promise.all([programs.close(), ...[...all].map(({ ended }) => ended)]);
    guard?.close();
    forgetExit();
  };
  return { name: "processes", run: programs.run, call, close, [Symbol.asyncDispose]: close };
}

export default {
  summary: "In child processes, each call safe from the crashes of others. A command is a process of this machine.",
  canInterrupt: true,
  takesClosures: false,
  options: {
    max_memory_mb: count({ default: undefined, from: 1, doc: "Size in MB to which the heap of a process may grow." }),
  },
  open: openProcesses,
} satisfies ExecutorModule;
