import type { Algorithm, SuggestContext, Suggestion } from "../algorithm.js";
import { shareObservations } from "../observations.js";
import { remember } from "../remember.js";
import { suggestAtOnce } from "../suggest-trial.js";
import { shareTried } from "../untried.js";

/** As if the member had been asked for by name, with a cache of its own: names in two caches may be the same. */
export function suggestAs(name: string, algorithm: Algorithm, context: SuggestContext): Suggestion {
  const cache = memberCache(name, context);
  return suggestAtOnce(algorithm, { ...context, options: { ...algorithm.defaults }, cache });
}

/** The same for a member that sees all trials: what they all need to know of these is kept once. */
export function suggestSeeingAll(name: string, algorithm: Algorithm, context: SuggestContext): Suggestion {
  shareTried(context, memberCache(name, context));
  shareObservations(context, memberCache(name, context));
  return suggestAs(name, algorithm, context);
}

export function memberCache(name: string, { cache }: Pick<SuggestContext, "cache">): Map<string, unknown> {
  return remember(cache, { name: `cache of ${name}`, make: () => new Map<string, unknown>() });
}
