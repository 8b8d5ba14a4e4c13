import { encodeJson } from "../space/odd-floats.js";
import { isFinal, type TrialStatus } from "../trial/trial.js";
import type { StoredTrial } from "./records.js";

/** What becomes of a trial when two histories of one experiment are merged. */
export type Joining =
  /** It is not there yet: it gets the next number. */
  | "add"
  /** It is there without an outcome: it takes this one. */
  | "finish"
  /** Both have completed it, with different results: ours stay, theirs are kept beside. */
  | "keep-both"
  /** Theirs says nothing new. */
  | "keep-ours";

/**
 * One rule for all backends. A completed trial wins over any other, a broken one over one that has not ended; of two
 * that are completed, ours stays as it is, since suggestions were made from it.
 */
export function joinTrial(ours: Pick<StoredTrial, "status" | "results"> | undefined, theirs: StoredTrial): Joining {
  if (theirs.id === undefined) return "keep-ours"; // an empty slot of another budget
  if (ours === undefined) return "add";
  if (theirs.status === "completed") {
    if (ours.status !== "completed") return "finish";
    return encodeJson(ours.results ?? []) === encodeJson(theirs.results ?? []) ? "keep-ours" : "keep-both";
  }
  if (theirs.status === "broken" && ours.status !== "completed" && ours.status !== "broken") return "finish";
  return "keep-ours";
}

interface Arrival {
  /** The next number here. */
  readonly number: number;
  /** Of the import. */
  readonly revision: number;
  readonly isClaimTaken: boolean;
}

/**
 * A trial that is added to another history. Its suggestion was made for another number there, so it counts as inserted
 * by hand; a claim that is taken here is left out.
 */
export function asNewcomer(trial: StoredTrial, { number, revision, isClaimTaken }: Arrival): StoredTrial {
  const { basisRevision: _, finishedRevision: __, finishedEpoch: ___, claim, ...rest } = trial;
  return {
    ...rest,
    ...(claim === undefined || isClaimTaken ? {} : { claim }),
    ...(isFinal(trial.status as TrialStatus) ? { finishedRevision: revision } : {}),
    number,
    attempt: 0,
    createdRevision: revision,
    filledRevision: revision,
    changedRevision: revision,
  };
}
