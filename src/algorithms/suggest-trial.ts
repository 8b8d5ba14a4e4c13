import { keyedRng } from "../math/rng.js";
import type { Algorithm, SuggestContext, Suggestion } from "./algorithm.js";

/** What a worker knows when it fills a slot; the generator follows from it. */
export type SuggestRequest = Omit<SuggestContext, "rng">;

/**
 * The suggestion of an algorithm for one attempt at one trial: the only way to ask for it, so that all workers derive
 * the same generator, and an index-based algorithm cannot come to depend on the history.
 */
export function suggestTrial(algorithm: Algorithm, request: SuggestRequest): Suggestion {
  const { seed, trialNumber, attempt } = request;
  if (algorithm.basis === "index") {
    return algorithm.suggest({ ...request, rng: keyedRng(seed, "index", trialNumber - 1), history: [], pending: [] });
  }
  return algorithm.suggest({ ...request, rng: keyedRng(seed, "trial", trialNumber, attempt) });
}
