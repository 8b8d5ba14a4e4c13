import type { Trial } from "../trial/trial.js";
import type { Changes } from "./storage.js";

/** Trials of an experiment that changed after a revision, by last change and number, from one state of the database. */
export interface Chunk {
  /** Of that state. */
  readonly revision: number;
  readonly rewrittenRevision: number;
  /** Decodes them. */
  trials(): Trial[];
  /** The last change among them, with nothing left out up to it; `undefined` when there are no more behind it. */
  readonly upTo: number | undefined;
}

/**
 * So many trials at a time: 50 to 100 kB, and a millisecond or two in which nothing else happens. Of more than 128 kB,
 * allocators and the buffers of a connection make several times the work. There are more when many changed at one
 * revision, by hand or by a merge.
 */
export const chunkSize = 250;

/**
 * What changed after a revision, read chunk by chunk: the process answers to other things between two of them, no
 * transaction stays open, and what was read is soon let go. A server reads one while we decode the one before.
 *
 * Others write between two chunks. A trial that they change moves to the end of the order, and so it is read once more;
 * the last chunk holds the end of the order as of one state of the database. So after it each trial is known as it was
 * in that state, and the revision of that state is where to continue. Removals and changes by hand are the exception:
 * they say so by `rewrittenRevision`, and then all is read again.
 */
export async function readInChunks(since: number, read: (since: number) => Promise<Chunk>): Promise<Changes> {
  const begin = (from: number): Promise<Chunk> => {
    const chunk = read(from);
    chunk.catch(() => {}); // awaited in the next turn, if this one does not fail first
    return chunk;
  };
  let known = since > 0 ? since : undefined;
  let first: number | undefined;
  let trials: Trial[] = [];
  for (let coming = begin(since); ; await new Promise((resolve) => setImmediate(resolve))) {
    const chunk = await coming;
    known ??= chunk.rewrittenRevision;
    if (chunk.rewrittenRevision > known) {
      known = chunk.rewrittenRevision;
      trials = [];
      coming = begin(0);
      continue;
    }
    if (chunk.upTo !== undefined) coming = begin(chunk.upTo);
    first ??= chunk.revision;
    for (const trial of chunk.trials()) trials.push(trial);
    if (chunk.upTo === undefined) {
      const isRewritten = since > 0 && known > since;
      return { revision: chunk.revision, trials: chunk.revision > first ? latest(trials, first) : trials, isRewritten };
    }
  }
}

/** Of a trial that was read twice, the second reading; it changed after the revision of the first chunk. */
function latest(trials: readonly Trial[], first: number): Trial[] {
  const again = new Map(trials.filter((trial) => trial.changedRevision > first).map((trial) => [trial.number, trial]));
  return trials.filter((trial) => (again.get(trial.number) ?? trial) === trial);
}
