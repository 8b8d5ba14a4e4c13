import { keyedRng } from "../math/rng.js";
import type { Algorithm, SuggestContext, Suggestion } from "./algorithm.js";

/** What a worker knows when it fills a slot; the generator follows from it. */
export type SuggestRequest = Omit<SuggestContext, "rng">;

/**
 * The suggestion of an algorithm for one attempt at one trial: the only way to ask for it, so that all workers derive
 * the same generator, and an index-based algorithm cannot come to depend on the history.
 */
export function suggestTrial(algorithm: Algorithm, request: SuggestRequest): Suggestion | Promise<Suggestion> {
  const { seed, trialNumber, attempt } = request;
  if (algorithm.basis === "index") {
    return algorithm.suggest({ ...request, rng: keyedRng(seed, "index", trialNumber - 1), history: [], pending: [] });
  }
  return algorithm.suggest({ ...request, rng: keyedRng(seed, "trial", trialNumber, attempt) });
}

/**
 * The same where nobody can wait: inside the transaction that makes a slot, or in a test.
 *
 * @throws {TypeError} when the algorithm answers later.
 */
export function suggestAtOnce(algorithm: Algorithm, request: SuggestRequest): Suggestion {
  const suggestion = suggestTrial(algorithm, request);
  if (!(suggestion instanceof Promise)) return suggestion;
  throw new TypeError('This algorithm answers later, which only one with basis "history" may, and not here.');
}

/** Let go of what cached values hold outside of this process. The cache is as good as new then. */
export function dropCache(cache: Map<string, unknown>): void {
  for (const value of cache.values()) {
    if (isDisposable(value)) value[Symbol.dispose]();
  }
  cache.clear();
}

function isDisposable(value: unknown): value is Disposable {
  return typeof value === "object" && value !== null && Symbol.dispose in value;
}
