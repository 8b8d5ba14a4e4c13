import { StorageError } from "../../src/errors.js";
import { type Experiment, openExperiment } from "../../src/experiment/experiment.js";
import { openStorage } from "../../src/storage/registry.js";
import type { SearchLimits, Storage } from "../../src/storage/storage.js";
import type { Result, Trial } from "../../src/trial/trial.js";
import type { Verdict } from "../../src/worker/verdict.js";
import type { WorkerEvents, WorkerOptions } from "../../src/worker/worker-options.js";

/** A worker without processes: a real experiment in memory, evaluations that are functions, all events by name. */
export interface Bench {
  readonly experiment: Experiment;
  readonly told: string[];
  /** Fill in what a test does not care about. */
  options(change: Partial<WorkerOptions>): WorkerOptions;
}

interface BenchOptions {
  /** Folder for results that wait. */
  readonly folder: string;
  readonly maxTrials?: number;
  /** Prior of the one dimension. */
  readonly prior?: string;
  readonly limits?: SearchLimits;
  /** Change some operations of the storage. */
  readonly storage?: (storage: Storage) => Partial<Storage>;
}

export async function openBench(options: BenchOptions): Promise<Bench> {
  const { folder, maxTrials = 3, prior = "uniform(0, 1)", limits = {}, storage: change = () => ({}) } = options;
  const memory = await openStorage("memory:");
  const record = await memory.createExperiment({
    name: "bench",
    definition: {
      space: { "/x": prior },
      algorithm: { name: "random", options: {} },
      seed: "1",
      direction: "minimize",
      limits,
      metadata: { user: "tester", datetime: "", orionVersion: "", userArgs: [] },
    },
    maxTrials,
    maxBroken: 3,
    workingDir: "",
  });
  const experiment = await openExperiment({ ...memory, ...change(memory) }, record);
  const told: string[] = [];
  const tell = (kind: keyof WorkerEvents) => (trial: unknown, what?: unknown) => {
    const number = (trial as Partial<Trial>).number ?? "";
    told.push(`${kind} ${number} ${typeof what === "string" ? what : ((what as Verdict)?.kind ?? "")}`.trim());
  };
  const events: WorkerEvents = {
    started: tell("started"),
    ended: tell("ended"),
    late: tell("late"),
    lost: tell("lost"),
    trouble: tell("trouble"),
    failing: () => void told.push("failing"),
    recovered: () => void told.push("recovered"),
    spooled: (trial) => tell("spooled")(trial),
    nowhere: tell("nowhere"),
  };
  return {
    experiment,
    told,
    options: (change) => ({
      experiment,
      worker: "me",
      evaluate: async () => completed(1),
      nWorkers: 1,
      maxTrials: Number.POSITIVE_INFINITY,
      maxBroken: 3,
      heartbeatMs: 60_000,
      idleTimeoutMs: 0,
      signal: new AbortController().signal,
      spoolOf: (trial) => ({ name: trial.id, folders: [folder] }),
      isGone: () => false,
      now: () => 0,
      events,
      ...change,
    }),
  };
}

export function objective(value: number): readonly Result[] {
  return [{ name: "loss", type: "objective", value }];
}

export function completed(value: number): Verdict {
  return { kind: "completed", results: objective(value) };
}

/** Fails the given number of times, then works. */
export function failing<T extends unknown[], R>(
  work: (...words: T) => Promise<R>,
  { times, retryable = true }: { readonly times: number; readonly retryable?: boolean },
): (...words: T) => Promise<R> {
  let left = times;
  return async (...words) => {
    if (left-- > 0) throw new StorageError("The database is away.", undefined, { retryable });
    return await work(...words);
  };
}
