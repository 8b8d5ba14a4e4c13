import type { Trial } from "../trial/trial.js";
import type { SuggestContext } from "./algorithm.js";
import { remember } from "./remember.js";

interface Fold<State> {
  /** Of the state in the cache. */
  readonly name: string;
  readonly make: () => State;
  /** @param row - Of the trial in the history, and so among its observations. */
  readonly add: (state: State, trial: Trial, row: number) => void;
}

/**
 * What follows from the finished trials of a history, one after the other; a history that has grown costs only what is
 * new. The state belongs to the cache: whoever wants to change it takes a copy.
 */
export function foldHistory<State>(
  { history, cache }: Pick<SuggestContext, "history" | "cache">,
  { name, make, add }: Fold<State>,
): State {
  const known = remember(cache, { name, make: (): Known<State> => ({ count: 0, last: undefined, state: make() }) });
  // Histories grow at their end; one that was changed elsewhere has another trial there, so it is read anew.
  if (known.count > history.length || known.last !== history[known.count - 1]) {
    known.count = 0;
    known.last = undefined;
    known.state = make();
  }
  while (known.count < history.length) {
    const row = known.count++;
    known.last = history[row]!;
    add(known.state, known.last, row);
  }
  return known.state;
}

interface Known<State> {
  /** How many trials are in the state, and the last of them. */
  count: number;
  last: Trial | undefined;
  state: State;
}

/**
 * Let a second cache have what the first one knows by this name, if it knows it. For caches of one space and one history:
 * a fold over them is kept once for both.
 */
export function shareFold(name: string, from: Map<string, unknown>, to: Map<string, unknown>): void {
  if (from.has(name)) to.set(name, from.get(name));
}
