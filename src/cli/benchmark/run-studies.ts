import { randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "../../benchmarks/benchmark.js";
import { processorMs } from "../../benchmarks/processor-time.js";
import { runBenchmark } from "../../benchmarks/run-benchmark.js";
import { openLocalPool, openProcessPool, type StudyPool } from "../../benchmarks/study-pool.js";
import { startPacemaker } from "../../worker/pacemaker.js";
import { createWorkerId, isGone } from "../../worker/worker-id.js";
import type { Session } from "../session.js";
import type { Terminal } from "../terminal.js";

interface RunInput {
  readonly terminal: Terminal;
  readonly session: Session;
  readonly benchmark: Benchmark;
  /** 0: in this process. */
  readonly processes: number;
}

/** Run what is missing, and tell how far it is. @returns True when a signal ended it. */
export async function runStudies({ terminal, session, benchmark, processes }: RunInput): Promise<boolean> {
  const { storage, configuration } = session;
  const leaseMs = 1000 * configuration.pick("worker.heartbeat").value;
  const worker = createWorkerId({ pid: process.pid, nonce: randomBytes(8).toString("hex") });
  const controller = new AbortController();
  const ignore = terminal.onStopSignal(() => {
    if (!controller.signal.aborted) terminal.error("Stopping: studies that run are given back.\n");
    controller.abort();
  });
  const onTrouble = (error: unknown) => terminal.error(`Warning: ${(error as Error).message}\n`);
  const pacemaker = startPacemaker({ storage, worker, leaseMs, onTrouble, now: () => Date.now() });
  const pool = openPool(processes);
  const progress = await openProgress({ terminal, session, benchmark });
  try {
    await runBenchmark({
      storage,
      benchmark,
      pool,
      worker,
      leaseMs,
      hold: (lease) => pacemaker.hold(lease, () => {}),
      isGone,
      signal: controller.signal,
      ended: progress,
    });
  } finally {
    await pool.close();
    pacemaker.stop();
    ignore();
  }
  return controller.signal.aborted;
}

function openPool(processes: number): StudyPool {
  if (processes === 0) return openLocalPool(processorMs);
  // Beside `dist/cli/main.js`, whichever link it was started by.
  const entry = join(realpathSync(process.argv[1]!), "../../benchmarks/study-process.js");
  return openProcessPool({ entry, size: processes });
}

/** A line on standard error at each tenth of the way. */
async function openProgress({ terminal, session, benchmark }: Pick<RunInput, "terminal" | "session" | "benchmark">) {
  const { counts } = await session.storage.summarize(benchmark.record.id);
  const total = counts.new + counts.interrupted + counts.reserved;
  let done = 0;
  if (total > 0) terminal.error(`${total} studies to run.\n`);
  return () => {
    done++;
    const isTenth = Math.floor((10 * done) / total) > Math.floor((10 * (done - 1)) / total);
    if (isTenth) terminal.error(`${done}/${total} studies done\n`);
  };
}
