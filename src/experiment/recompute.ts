import { resolveAlgorithm } from "../algorithms/resolve-algorithm.js";
import { parseSpace } from "../space/parse-space.js";
import type { Definition } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import type { PastHistory } from "./history-at.js";
import { isNear } from "./is-near.js";
import { createThinking, noHistory } from "./think.js";

/** What an experiment is or was: a suggestion follows from it and the history. */
export interface Setting {
  readonly definition: Definition;
  readonly maxTrials: number;
}

/** How a stored trial compares with what its algorithm suggests from the same history. */
export type Recomputed =
  | { readonly kind: "agrees" }
  | { readonly kind: "differs"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

export interface Recomputing {
  recompute(trial: Trial): Promise<Recomputed>;
  close(): void;
}

/**
 * Make suggestions of an experiment once more.
 *
 * Numbers may differ by one part in 10⁹, since engines differ in the last digits of `Math.pow` and its kin. Recomputing
 * in the order of the basis revisions lets an algorithm reuse what it derived from the history so far.
 *
 * @throws {UnknownNameError} when the algorithm is not installed here.
 * @throws {UsageError} when the algorithm does not serve the space any more.
 */
export async function createRecomputing({ definition, maxTrials }: Setting, past: PastHistory): Promise<Recomputing> {
  const space = parseSpace(definition.space);
  const { algorithm, options } = await resolveAlgorithm(definition.algorithm, space);
  const { think, close } = createThinking({ space, algorithm, options, seed: definition.seed, maxTrials });
  const needsHistory = algorithm.basis === "history";

  const recompute = async (trial: Trial): Promise<Recomputed> => {
    const { number: trialNumber, attempt, basisRevision } = trial;
    if (basisRevision === undefined) return { kind: "unknown", reason: "it was inserted by hand" };
    if (algorithm.isReproducible === false) {
      return { kind: "unknown", reason: `${definition.algorithm.name} does not repeat its suggestions` };
    }
    if (needsHistory && basisRevision === 0) return { kind: "unknown", reason: "it was made by another algorithm" };
    if (needsHistory && !past.isKnownAt(basisRevision)) {
      return { kind: "unknown", reason: "the history that it was made from was changed by hand since" };
    }
    const view = needsHistory ? past.at(basisRevision) : noHistory;
    const suggestion = await think({ trialNumber, attempt, view });
    if (suggestion.kind !== "params") return { kind: "differs", reason: `the algorithm says "${suggestion.kind}"` };
    const { params, parent, claim } = suggestion;
    const isSame = isNear(params, trial.params) && parent === trial.parent;
    if (isSame && claim === trial.claim) return { kind: "agrees" };
    return { kind: "differs", reason: `the algorithm says ${JSON.stringify(suggestion.params)}` };
  };
  return { recompute, close };
}
