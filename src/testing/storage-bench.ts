import { afterEach } from "vitest";
import type { Definition, ExperimentRecord, NewExperiment, SlotLease, Storage } from "../storage/storage.js";
import type { Result, Trial } from "../trial/trial.js";

export interface StorageUnderTest {
  /** An empty database. */
  open(): Promise<Storage>;
  /** Another connection to the database that `storage` is connected to; left out where there can be only one. */
  reopen?(storage: Storage): Promise<Storage>;
}

/** The storage under test; what a test opens is closed after it. */
export interface StorageBench extends StorageUnderTest {
  /** An empty database with an experiment. */
  fresh(change?: Partial<NewExperiment>): Promise<{ readonly storage: Storage; readonly experiment: ExperimentRecord }>;
}

/** To be called inside `describe`. */
export function storageBench({ open, reopen }: StorageUnderTest): StorageBench {
  const opened: Storage[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });
  const kept = async (opening: Promise<Storage>) => {
    const storage = await opening;
    opened.push(storage);
    return storage;
  };
  return {
    open: () => kept(open()),
    ...(reopen === undefined ? {} : { reopen: (storage: Storage) => kept(reopen(storage)) }),
    fresh: async (change = {}) => {
      const storage = await kept(open());
      return { storage, experiment: await storage.createExperiment(newExperiment(change)) };
    },
  };
}

export function definition(change: Partial<Definition> = {}): Definition {
  return {
    space: { "/x": "uniform(0, 1)" },
    algorithm: { name: "random", options: {} },
    seed: "1",
    direction: "minimize",
    metadata: { user: "tester", datetime: "2026-01-01T00:00:00.000Z", orionVersion: "0", userArgs: [] },
    ...change,
  };
}

export function newExperiment(change: Partial<NewExperiment> = {}): NewExperiment {
  return {
    name: "demo",
    definition: definition(),
    maxTrials: Number.POSITIVE_INFINITY,
    maxBroken: 3,
    workingDir: "",
    ...change,
  };
}

export const claim = (worker: string, leaseMs = 60_000) => ({ worker, leaseMs });
export const hash = (value: number): string => String(value).padStart(32, "0");
export const objective = (value: number): Result[] => [{ name: "o", type: "objective", value }];
export const inserted = (value: number) => ({ id: hash(value), params: { "/x": value }, workingDir: "" });
export const suggestion = (value: number) => ({ ...inserted(value), basisRevision: 1, attempt: 0 });

export async function openSlot(storage: Storage, experiment: ExperimentRecord, leaseMs = 60_000): Promise<SlotLease> {
  const got = await storage.reserveTrial(experiment.id, claim("w", leaseMs));
  if (got.kind !== "slot") throw new Error(`expected a slot, got ${got.kind}`);
  return got.slot;
}

export async function filled(storage: Storage, slot: SlotLease, value = slot.number): Promise<Trial> {
  const trial = await storage.fillSlot(slot, suggestion(value));
  if (typeof trial === "string") throw new Error(`expected a trial, got ${trial}`);
  return trial;
}

export async function reserved(storage: Storage, experiment: ExperimentRecord): Promise<Trial> {
  const got = await storage.reserveTrial(experiment.id, claim("w"));
  if (got.kind !== "trial") throw new Error(`expected a trial, got ${got.kind}`);
  return got.trial;
}

export async function complete(storage: Storage, experiment: ExperimentRecord, value: number): Promise<void> {
  const got = await storage.reserveTrial(experiment.id, claim("w"));
  if (got.kind === "trial") await storage.finishTrial(got.trial, objective(value));
  if (got.kind === "slot") await storage.finishTrial(await filled(storage, got.slot), objective(value));
}
