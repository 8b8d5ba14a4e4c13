import { StorageError } from "../errors.js";
import type { Destination, ImportTally, StoredExperiment, StoredRecord } from "./records.js";

/**
 * An experiment of the records that are imported, and where it went. A revision is promised, unless the database answers
 * at once: `Placed<number>`.
 */
export interface Placed<Revision = Promise<number>> {
  readonly kind: Destination["kind"];
  readonly experimentId: number;
  /** Of this import, for what it merges: one transaction has one revision. */
  readonly revision: () => Revision;
  /** Numbers here of the trials that a merge added or found, by their numbers among the records. */
  readonly numbers: Map<number, number>;
}

/** What is not an experiment, but of one. */
export type Belonging = Exclude<StoredRecord, StoredExperiment>;

/** @throws {StorageError} when its experiment did not come before it. */
export function placeOf<Revision>(
  { kind, experiment }: Belonging,
  placed: ReadonlyMap<number, Placed<Revision>>,
): Placed<Revision> {
  const place = placed.get(experiment);
  if (place !== undefined) return place;
  throw new StorageError(`A ${kind} belongs to experiment ${experiment}, which is not in the records.`);
}

/** What an import has done so far. */
export type Tally = { -readonly [Key in keyof ImportTally]: ImportTally[Key] };

export function startTally(): Tally {
  return { created: 0, merged: 0, skipped: 0, trials: 0, finished: 0, conflicts: 0 };
}
