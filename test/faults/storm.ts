import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StorageError } from "../../src/errors.js";
import { keyedRng, type Rng } from "../../src/math/rng.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";
import { type Arena, survivors, type WorkerKind } from "./arena.js";
import { type Crew, ended, startCrew } from "./crew.js";
import type { Fault } from "./faults.js";
import { type Verdict, verify } from "./verify.js";

export interface StormOptions {
  readonly arena: Arena;
  readonly maxTrials: number;
  readonly workers: number;
  /** Key of everything that is drawn. */
  readonly seed: string;
  /** How long faults go on; after that the workers are left in peace to finish. */
  readonly stormSeconds: number;
  readonly faults: Readonly<Record<string, Fault>>;
  /** Also give some workers clocks that are an hour off. */
  readonly movesClocks: boolean;
}

export interface StormReport extends Verdict {
  readonly workersStarted: number;
  /** How often each fault struck. */
  readonly struck: Readonly<Record<string, number>>;
}

/** How long the workers get to finish in peace. */
const peaceSeconds = 120;
/**
 * How many of them are replaced then. To start 32 at once takes some cores longer than a server is waited for, and who was
 * not let in would be replaced by the next who is not.
 */
const peaceWorkers = 8;

/**
 * Real workers share one experiment while everything goes wrong; then peace, and the history has to be whole.
 *
 * The seed fixes what is drawn, not how processes interleave: a storm that fails may pass when it is repeated.
 */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const { arena, maxTrials, workers, seed, stormSeconds, faults } = options;
  const rng = keyedRng("storm", seed);
  const struck: Record<string, number> = {};
  const over = performance.now() + stormSeconds * 1000;
  const isStorming = () => performance.now() < over;
  const crew = startCrew({
    arena,
    size: workers,
    draft: () => draft(options, { rng, isStorming: isStorming(), struck }),
  });
  try {
    const names = Object.keys(faults);
    while (isStorming()) {
      await pause(50 + rng.below(400));
      const name = names[rng.below(names.length)]!;
      struck[name] = (struck[name] ?? 0) + 1;
      await faults[name]!({ arena, crew, rng });
      if (rng.below(4) === 0) makeRoom(arena);
    }
    writeFileSync(arena.calm, "");
    crew.shrinkTo(peaceWorkers);
    if (!(await finishes(arena, maxTrials))) throw new Error(await describeStuck(arena, crew));
    await crew.dismiss();
    await ended(arena.orion(["hunt", "-n", arena.name])); // hands in what dead workers left in files
  } finally {
    crew.destroy();
  }
  const verdict = await verify({ arena, maxTrials, crew });
  const left = await whoIsLeft(arena.folder);
  return {
    ...verdict,
    workersStarted: crew.started,
    struck,
    wrong: [...verdict.wrong, ...crew.complaints, ...left.map((process) => `process ${process} was left behind`)],
  };
}

interface Drafting {
  readonly rng: Rng;
  readonly isStorming: boolean;
  readonly struck: Record<string, number>;
}

/** Most are hunts; while the storm lasts, some are made to die in the middle of a transaction, or have wrong clocks. */
function draft({ movesClocks }: StormOptions, { rng, isStorming, struck }: Drafting): WorkerKind {
  const isLibrary = rng.below(5) === 0;
  const nWorkers = 1 + rng.below(3);
  const note = (name: string) => {
    struck[name] = (struck[name] ?? 0) + 1;
  };
  const kind = rng.below(4);
  const statement = 1 + Math.floor(300 ** rng.next() + rng.below(20));
  if (!isStorming) return { isLibrary, nWorkers };
  if (kind === 0 && !isLibrary) {
    note("death at a statement");
    return { nWorkers, diesAtStatement: statement };
  }
  if (kind === 1 && movesClocks) {
    note("clock an hour off");
    return { isLibrary, nWorkers, clockSeconds: rng.below(2) === 0 ? 3600 : -3600 };
  }
  return { isLibrary, nWorkers };
}

async function finishes(arena: Arena, maxTrials: number): Promise<boolean> {
  const deadline = performance.now() + peaceSeconds * 1000;
  await using storage = await openWhenBack(arena, deadline);
  while (performance.now() < deadline) {
    makeRoom(arena);
    const record = await storage.getExperiment(arena.name);
    if (record !== undefined && (await storage.summarize(record.id)).counts.completed >= maxTrials) return true;
    await pause(200);
  }
  return false;
}

/** After the last fault the server may still be coming back, and who has never reached it does not wait for long. */
async function openWhenBack({ storage }: Arena, deadline: number): Promise<Storage> {
  for (;;) {
    try {
      return await openStorage(storage);
    } catch (error) {
      const isAway = error instanceof StorageError && error.retryable;
      if (!isAway || performance.now() > deadline) throw error;
    }
    await pause(500);
  }
}

/** What scripts left that were killed while they filled the disk. */
function makeRoom({ disk }: Arena): void {
  for (const name of readdirSync(disk)) if (name.startsWith("fill.")) rmSync(join(disk, name), { force: true });
}

/** Enough to find out why. */
async function describeStuck(arena: Arena, crew: Crew): Promise<string> {
  const running = survivors(arena.folder);
  crew.destroy();
  return [
    `${arena.name} did not finish in ${peaceSeconds} s of peace`,
    ...(await describeHistory(arena)),
    ...readdirSync(arena.disk, { withFileTypes: true }).map((entry) => `on the disk: ${entry.name}`),
    ...running.map((process) => `still running: ${process}`),
    ...crew.complaints,
    ...crew.lastWords(),
  ].join("\n");
}

/** It may not have come so far that there is an experiment. */
async function describeHistory(arena: Arena): Promise<string[]> {
  await using storage = await openStorage(arena.storage);
  const record = await storage.getExperiment(arena.name);
  if (record === undefined) return ["nobody has made the experiment"];
  const { counts } = await storage.summarize(record.id);
  return [`trials: ${JSON.stringify(counts)}`, `owners: ${(await storage.listOwners(record.id)).join(", ")}`];
}

/** Whoever was killed a moment ago may still be on its way. */
async function whoIsLeft(folder: string): Promise<string[]> {
  for (let tries = 0; tries < 30; tries++) {
    if (survivors(folder).length === 0) return [];
    await pause(200);
  }
  return survivors(folder);
}
