import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { BroadcastChannel } from "node:worker_threads";
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
import { limitConcurrency } from "./queue.js";
import { runnerFile } from "./runner-file.js";
import { isAnswer, type ThreadAnswer, type ThreadWord } from "./runners/messages.js";
import type { ThreadPool, ThreadTask } from "./runners/thread.js";

/** Functions run in threads of this process; a thread that exits, hangs or runs out of memory is replaced. */
export function openThreads({ nWorkers, configuration }: ExecutorSettings): Executor {
  const programs = openLocalPrograms();
  const maxMemoryMb = configuration.max_memory_mb as number | undefined;
  const reporters = new Map<number, EvaluationControl["onReport"]>();
  let pool: Promise<Pool> | undefined;
  const turns = limitConcurrency(nWorkers);
  const stops = new Int32Array(new SharedArrayBuffer(4 * nWorkers));
  const places = Array.from(stops.keys());
  let count = 0;
  let isClosed = false;

  /** Not before there is a function to call: commands need no threads. */
  const openPool = async (): Promise<Pool> => {
    const { Piscina } = await import("piscina");
    const channel = `orion ${randomUUID()}`;
    const threads = new Piscina({
      filename: runnerFile("thread.js"),
      minThreads: 1,
      maxThreads: nWorkers,
      // They stay, and nobody asks how long a task took: both would cost time with each call.
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
      workerData: { channel, stops } satisfies ThreadPool,
      ...(maxMemoryMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb } }),
    });
    const words = new BroadcastChannel(channel);
    words.unref(); // the pool keeps the program alive while there is something to do, and no longer
    // In a closed pool nobody hears it: what runs is ended by force.
    const tell = (word: ThreadWord) => void (isClosed || words.postMessage(word));
    const takeReport = async ({ number, step, value }: ThreadAnswer) => {
      await reporters.get(number)?.(step, value);
      tell({ number, judged: true });
    };
    threads.on("message", (message: unknown) => {
      if (isAnswer(message)) void takeReport(message as ThreadAnswer);
    });
    return {
      threads,
      tell,
      close: async () => {
        words.close();
        await threads.destroy();
      },
    };
  };

  const call = async (evaluation: FunctionEvaluation, control: EvaluationControl): Promise<CallOutcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    if (evaluation.kind === "closure") return refuseClosure("threads");
    const text = encodeCall(evaluation);
    pool ??= openPool();
    const opened = await pool;
    return turns.run(control.signal, () => callIn(opened, { text, control }));
  };

  const callIn = async (
    { threads, tell }: Pool,
    { text, control: { signal, graceMs, onReport } }: { readonly text: string; readonly control: EvaluationControl },
  ): Promise<CallOutcome> => {
    if (isClosed) return { kind: "stopped" };
    const number = ++count;
    const place = places.pop()!; // there are as many as turns
    Atomics.store(stops, place, 0);
    // Ends the thread. An AbortController, which would do as well, costs a third of an empty call.
    const force = new EventEmitter();
    let isForced = false;
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      isForced = true;
      force.emit("abort");
    };
    const stop = () => {
      Atomics.store(stops, place, 1);
      tell({ number, abort: true, early: earlyReason(signal) });
      timer = setTimeout(end, Math.min(graceMs, longestTimerMs));
    };
    if (onReport !== undefined) reporters.set(number, onReport);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    try {
      return decodeOutcome(await threads.run({ number, call: text, place }, { signal: force }));
    } catch (error) {
      return isForced || isClosed ? { kind: "stopped" } : { kind: "died", reason: describeDeath(error) };
    } finally {
      clearTimeout(timer);
      reporters.delete(number);
      places.push(place);
      signal.removeEventListener("abort", stop);
    }
  };

  const close = async () => {
    isClosed = true;
    await Promise.all([pool?.then((opened) => opened.close()), programs.close()]);
  };
  return { name: "threads", run: programs.run, call, close, [Symbol.asyncDispose]: close };
}

interface Pool {
  readonly threads: Piscina<ThreadTask, string>;
  /** Heard by all threads. */
  readonly tell: (word: ThreadWord) => void;
  close(): Promise<void>;
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
