import type { Piscina } from "piscina";
import { earlyReason } from "./call-context.js";
import { decodeOutcome, encodeCall } from "./call-text.js";
import { refuseClosure } from "./closures.js";
import type {
  CallOutcome,
  EvaluationControl,
  Executor,
  ExecutorModule,
  ExecutorSettings,
  FunctionEvaluation,
} from "./executor.js";
import { openLocalPrograms } from "./local-programs.js";
import { count } from "./options.js";
import { longestTimerMs } from "./program.js";
import { runnerFile } from "./runner-file.js";
import type { ReportMessage, RunnerMessage } from "./runners/messages.js";

/** Functions run in threads of this process; a thread that exits, hangs or runs out of memory is replaced. */
export function openThreads({ nWorkers, configuration }: ExecutorSettings): Executor {
  const programs = openLocalPrograms();
  const maxMemoryMb = configuration.max_memory_mb as number | undefined;
  let pool: Promise<Piscina> | undefined;
  let isClosed = false;

  /** Not before there is a function to call: commands need no threads. */
  const openPool = async (): Promise<Piscina> => {
    const { Piscina } = await import("piscina");
    return new Piscina({
      filename: runnerFile("thread.js"),
      minThreads: 1,
      maxThreads: nWorkers,
      idleTimeout: longestTimerMs,
      ...(maxMemoryMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } }),
    });
  };

  const call = async (evaluation: FunctionEvaluation, control: EvaluationControl): Promise<CallOutcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    if (evaluation.kind === "closure") return refuseClosure("threads");
    const { signal, graceMs, onReport } = control;
    if (signal.aborted) return { kind: "stopped" };
    const text = encodeCall(evaluation);
    pool ??= openPool();
    const threads = await pool;
    const { port1, port2 } = new MessageChannel();
    const end = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const tell = (message: RunnerMessage) => port1.postMessage(message);
    port1.on("message", async ({ step, value }: ReportMessage) => {
      await onReport?.(step, value);
      tell({ judged: true });
    });
    const stop = () => {
      tell({ abort: true, early: earlyReason(signal) });
      timer = setTimeout(() => end.abort(), Math.min(graceMs, longestTimerMs));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    try {
      const task = threads.run({ call: text, port: port2 }, { signal: end.signal, transferList: [port2] });
      return decodeOutcome(await task);
    } catch (error) {
      return end.signal.aborted || isClosed ? { kind: "stopped" } : { kind: "died", reason: describeDeath(error) };
    } finally {
      clearTimeout(timer);
      port1.close();
      signal.removeEventListener("abort", stop);
    }
  };

  const close = async () => {
    isClosed = true;
    await Promise.all([pool?.then((threads) => threads.destroy()), programs.close()]);
  };
  return { name: "threads", run: programs.run, call, close, [Symbol.asyncDispose]: close };
}

function describeDeath(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return "The thread that ran it ran out of memory.";
  return `The thread that ran it ended before the function did: ${message}.`;
}

export default {
  summary: "In threads of this process. A command is a process of this machine.",
  canInterrupt: true,
  takesClosures: false,
  options: {
    max_memory_mb: count({ default: undefined, from: 1, doc: "Size in MB to which the heap of a thread may grow." }),
  },
  open: openThreads,
} satisfies ExecutorModule;
