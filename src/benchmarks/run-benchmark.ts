import type { Claim, LeaseKey, Storage } from "../storage/storage.js";
import type { Result, Trial, WorkerId } from "../trial/trial.js";
import { type Benchmark, studyOf } from "./benchmark.js";
import type { StudyResult } from "./study.js";
import type { StudyPool } from "./study-pool.js";

export interface BenchmarkRun {
  readonly storage: Storage;
  readonly benchmark: Benchmark;
  readonly pool: StudyPool;
  readonly worker: WorkerId;
  readonly leaseMs: number;
  /** Keeps leases alive, as the pacemaker of a worker does. */
  readonly hold: (lease: LeaseKey) => { letGo(): void };
  /** True for a worker that is certainly dead: its studies are taken over at once. */
  readonly isGone: (worker: WorkerId) => boolean;
  readonly signal: AbortSignal;
  readonly ended?: (trial: Trial) => void;
}

/**
 * Run the studies of a benchmark that nobody has run, as many at once as the pool takes. Other processes may do the
 * same; each study is run once.
 *
 * When the signal aborts, or the database is lost, the studies that run are given back. A study that fails is a broken
 * trial, with its reason.
 */
export async function runBenchmark(run: BenchmarkRun): Promise<void> {
  const over = new AbortController();
  const stop = () => {
    over.abort();
    void run.pool.close(); // ends what runs, which the lanes then give back
  };
  run.signal.addEventListener("abort", stop, { once: true });
  if (run.signal.aborted) stop();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    stop();
  };
  const lanes = Array.from({ length: run.pool.size }, () => runLane({ ...run, signal: over.signal }).catch(fail));
  await Promise.all(lanes);
  run.signal.removeEventListener("abort", stop);
  if (failure !== undefined) throw failure.error;
}

async function runLane(run: BenchmarkRun): Promise<void> {
  while (!run.signal.aborted) {
    const trial = await reserveStudy(run);
    if (trial === undefined) return;
    const lease = { experimentId: trial.experimentId, number: trial.number, epoch: trial.epoch };
    const held = run.hold(lease);
    try {
      await runTrial(run, trial);
    } finally {
      held.letGo();
    }
  }
}

async function reserveStudy({ storage, benchmark, worker, leaseMs, isGone }: BenchmarkRun): Promise<Trial | undefined> {
  const { id } = benchmark.record;
  const owners = await storage.listOwners(id);
  const claim: Claim = { worker, leaseMs, waitingOnly: true, goneWorkers: owners.filter(isGone) };
  const reservation = await storage.reserveTrial(id, claim);
  return reservation.kind === "trial" ? reservation.trial : undefined;
}

async function runTrial({ storage, benchmark, pool, signal, ended }: BenchmarkRun, trial: Trial): Promise<void> {
  let result: StudyResult;
  try {
    result = await pool.run(studyOf(benchmark, trial));
  } catch (error) {
    if (signal.aborted) await storage.releaseTrial(trial, "interrupted");
    else await storage.releaseTrial(trial, "broken", { reason: (error as Error).message });
    return;
  }
  await storage.finishTrial(trial, resultsOf(result));
  ended?.(trial);
}

/** The final regret, and the whole curve beside it. */
function resultsOf(study: StudyResult): Result[] {
  const last = study.incumbents.at(-1) ?? Number.POSITIVE_INFINITY;
  return [
    { name: "regret", type: "objective", value: last - (study.minimum ?? 0) },
    { name: "study", type: "statistic", value: study },
  ];
}
