import type { Algorithm, Suggestion } from "../algorithms/algorithm.js";
import { dropCache, type SuggestRequest, suggestAtOnce, suggestTrial } from "../algorithms/suggest-trial.js";
import type { Space } from "../space/dimension.js";
import type { HistoryView } from "./history.js";

/** What a suggestion follows from, besides the number, the attempt and the history. */
export interface Thinker {
  readonly space: Space;
  readonly algorithm: Algorithm;
  /** Complete. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: string;
  readonly maxTrials: number;
}

/** What an algorithm that needs no history is shown. */
export const noHistory: HistoryView = { revision: 0, finished: [], pending: [] };

/** One attempt at one number. */
export interface Thought {
  readonly trialNumber: number;
  readonly attempt: number;
  readonly view: HistoryView;
}

/** An algorithm with what it derived so far. */
export interface Thinking {
  /** The suggestion for one attempt: the same when a worker makes it and when it is recomputed later. */
  think(thought: Thought): Suggestion | Promise<Suggestion>;
  /** The same where nobody can wait, for algorithms that need no history. */
  atOnce(thought: Thought): Suggestion;
  /** Let go of what is held outside of this process. */
  close(): void;
}

export function createThinking({ algorithm, ...known }: Thinker): Thinking {
  const cache = new Map<string, unknown>();
  const requestFor = ({ trialNumber, attempt, view }: Thought): SuggestRequest => {
    return { ...known, trialNumber, attempt, history: view.finished, pending: view.pending, cache };
  };
  return {
    think: (thought) => suggestTrial(algorithm, requestFor(thought)),
    atOnce: (thought) => suggestAtOnce(algorithm, requestFor(thought)),
    close: () => dropCache(cache),
  };
}
