import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../make-folder.js";
import { decodeJson, encodeJson } from "../space/odd-floats.js";
import type { ExperimentRecord, LeaseKey, Storage } from "../storage/storage.js";
import type { Result } from "../trial/trial.js";
import type { SpoolPlace } from "./spool-place.js";

/**
 * A result that could not be handed in, kept in a file until the database takes it. The file names the experiment by
 * what does not change when a database is moved, and tells it from another one of the same name.
 */
export interface SpooledResult extends Spooling {
  readonly experiment: string;
  readonly version: number;
  readonly createdTime: number;
  readonly seed: string;
}

interface Spooling {
  readonly lease: LeaseKey;
  /** Id of the trial: in a copy of the database its number may be that of another one. Older files have none. */
  readonly trial?: string;
  readonly results: readonly Result[];
  /** The step at which the trial was stopped early. */
  readonly stoppedAt?: number;
}

const ending = ".result.json";

/**
 * Write it into the first folder that takes it, whole or not at all.
 *
 * @param options.folders - In order of preference; made where they are missing.
 * @param options.name - Tells the trial from all others that may be in these folders; may stand in a path.
 * @returns The path; `undefined` when none of the folders takes it.
 */
export function keepResult({ folders, name, spooled }: KeepOptions): string | undefined {
  for (const folder of folders) {
    const path = join(folder, `${name}.${spooled.lease.epoch}${ending}`);
    try {
      makeFolder(dirname(path));
      writeFileSync(`${path}.part`, encodeJson(spooled), { flush: true });
      renameSync(`${path}.part`, path);
      return path;
    } catch {
      discardResult(`${path}.part`); // a full disk leaves half of it
    }
  }
  return undefined;
}

interface KeepOptions extends SpoolPlace {
  readonly spooled: SpooledResult;
}

export function spooledResult(record: ExperimentRecord, outcome: Spooling): SpooledResult {
  const { name: experiment, version, createdTime, definition } = record;
  return { experiment, version, createdTime, seed: definition.seed, ...outcome };
}

export function discardResult(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder cannot be written to any more; handing in the same result twice is harmless.
  }
}

/**
 * Hand in what earlier workers had to leave in the `folders`.
 *
 * @returns How many results the database took. Those of experiments that it does not have stay where they are, and those
 *   of trials that are not there, or are others: a copy that was made earlier gives their numbers anew.
 */
export async function handInSpooled({ folders, storage }: HandInOptions): Promise<number> {
  let count = 0;
  for (const path of new Set(folders.flatMap(listSpooled))) {
    const spooled = readSpooled(path);
    if (spooled === undefined) continue;
    const { experiment: name, version, createdTime, seed, trial, lease, results, stoppedAt } = spooled;
    const experiment = await storage.getExperiment(name, version);
    if (experiment?.createdTime !== createdTime || experiment.definition.seed !== seed) continue;
    const stored = await storage.getTrial(experiment.id, lease.number);
    if (stored === undefined || (trial !== undefined && stored.id !== trial)) continue;
    const fate = await storage.finishTrial({ ...lease, experimentId: experiment.id }, results, {
      ...(stoppedAt === undefined ? {} : { stoppedAt }),
    });
    if (fate === "removed") continue;
    discardResult(path);
    count++;
  }
  return count;
}

interface HandInOptions {
  readonly folders: readonly string[];
  readonly storage: Pick<Storage, "getExperiment" | "getTrial" | "finishTrial">;
}

function listSpooled(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name))
      .filter(isOurs);
  } catch {
    return []; // no trial of this experiment ran here yet
  }
}

/** In a folder for all, such as the one for temporary files, anybody can leave a file. */
function isOurs(path: string): boolean {
  const user = process.getuid?.();
  return user === undefined || statSync(path, { throwIfNoEntry: false })?.uid === user;
}

function readSpooled(path: string): SpooledResult | undefined {
  try {
    const spooled = decodeJson(readFileSync(path, "utf8")) as Partial<SpooledResult> | null;
    return spooled?.lease === undefined || spooled.results === undefined ? undefined : (spooled as SpooledResult);
  } catch {
    return undefined; // another worker handed it in at this moment, or it is not ours
  }
}
