import { keyedRng } from "../math/rng.js";
import type { Algorithm, SuggestContext, Suggestion } from "./algorithm.js";
import { sequenceIndex } from "./index-sequence.js";

/** What a worker knows when it fills a slot; index and generator follow from it. */
export type SuggestRequest = Omit<SuggestContext, "index" | "rng">;

/**
 * The suggestion of an algorithm for one attempt at one trial: the only way to ask for it, so that all workers derive
 * the same index and the same generator, and an index-based algorithm cannot come to depend on the history.
 */
export function suggestTrial(algorithm: Algorithm, request: SuggestRequest): Suggestion {
  const { seed, trialNumber, attempt } = request;
  const index = sequenceIndex(request);
  if (algorithm.basis === "index") {
    return algorithm.suggest({ ...request, index, rng: keyedRng(seed, "index", index), history: [], pending: [] });
  }
  return algorithm.suggest({ ...request, index, rng: keyedRng(seed, "trial", trialNumber, attempt) });
}
