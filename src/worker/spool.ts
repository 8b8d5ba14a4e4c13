import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decodeJson, encodeJson } from "../space/odd-floats.js";
import type { LeaseKey, Storage } from "../storage/storage.js";
import type { Result } from "../trial/trial.js";

/**
 * A result that could not be handed in, kept in a file beside the trial's directory until the database takes it.
 * The file names the experiment by name and version, so it finds its way even into a database that was moved.
 */
export interface SpooledResult {
  readonly storage: string;
  readonly experiment: string;
  readonly version: number;
  readonly lease: LeaseKey;
  readonly results: readonly Result[];
}

const ending = ".result.json";

/** Write it, whole or not at all. Returns the path. */
export function keepResult(trialDirectory: string, spooled: SpooledResult): string {
  const path = `${trialDirectory}.${spooled.lease.epoch}${ending}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, encodeJson(spooled));
  renameSync(`${path}.part`, path);
  return path;
}

export function discardResult(path: string): void {
  rmSync(path, { force: true });
}

/**
 * Hand in what earlier workers had to leave in `folder`, the parent of an experiment's trial directories.
 *
 * @returns How many results the database took. Those that it does not take stay where they are.
 */
export async function handInSpooled(folder: string, storage: Storage): Promise<number> {
  let count = 0;
  for (const path of listSpooled(folder)) {
    const spooled = readSpooled(path);
    if (spooled === undefined || spooled.storage !== storage.url) continue;
    const experiment = await storage.getExperiment(spooled.experiment, spooled.version);
    if (experiment === undefined) continue;
    await storage.finishTrial({ ...spooled.lease, experimentId: experiment.id }, spooled.results);
    discardResult(path);
    count++;
  }
  return count;
}

function listSpooled(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name));
  } catch {
    return []; // no trial of this experiment ran here yet
  }
}

function readSpooled(path: string): SpooledResult | undefined {
  try {
    return decodeJson(readFileSync(path, "utf8")) as SpooledResult;
  } catch {
    return undefined; // another worker handed it in at this moment, or it is not ours
  }
}
