import type { Trial } from "../trial/trial.js";
import type { SuggestContext } from "./algorithm.js";
import { remember } from "./remember.js";

interface Fold<State> {
  /** Of the state in the cache. */
  readonly name: string;
  readonly make: () => State;
  readonly add: (state: State, trial: Trial) => void;
}

/**
 * What follows from the finished trials of a history, one after the other; a history that has grown costs only what is
 * new. The state belongs to the cache: whoever wants to change it takes a copy.
 */
export function foldHistory<State>(
  { history, cache }: Pick<SuggestContext, "history" | "cache">,
  { name, make, add }: Fold<State>,
): State {
  const known = remember(cache, { name, make: () => ({ trials: [] as Trial[], state: make() }) });
  const { length } = known.trials;
  // Histories grow at their end; one that was changed elsewhere has another trial there, so it is read anew.
  if (length > history.length || known.trials[length - 1] !== history[length - 1]) {
    known.trials = [];
    known.state = make();
  }
  for (let at = known.trials.length; at < history.length; at++) {
    known.trials.push(history[at]!);
    add(known.state, history[at]!);
  }
  return known.state;
}
