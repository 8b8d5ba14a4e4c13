import type { Rng } from "../math/rng.js";
import type { Params, Space } from "../space/dimension.js";
import type { Facts, Trial } from "../trial/trial.js";

/**
 * An algorithm is a pure function of (space, seed, history, trial number): equal inputs give the equal suggestion on
 * every worker. What it derives from the history lives in `cache`, and dropping that changes nothing but time.
 */
export interface Algorithm<Options extends object = Record<string, unknown>> {
  /**
   * What a program that hands the algorithm over as a value has it stored as. Algorithms that are named by a user need
   * none: they are known by their line in the registry, their package or their file.
   */
  readonly name?: string;
  /** One sentence for `--help` and the docs. */
  readonly summary: string;
  /** Where it comes from, with an address. */
  readonly paper: string;
  /** What the space must have; checked once, with an error that shows how to add it. */
  readonly requires: { readonly fidelity?: boolean };
  /**
   * Suggestions may have a `parent`, in a copy of whose directory they start: the directories of completed trials are
   * kept until the experiment is done.
   */
  readonly continuesTrials?: boolean;
  /** Every option with its default; an option that is not here is refused. `seed` is everyone's. */
  readonly defaults: Options;
  /**
   * `index`: the suggestion depends on the trial's number alone, so workers need not read the history and a run can be
   * repeated exactly with any number of workers. `history`: it depends on what was observed.
   */
  readonly basis: "index" | "history";
  /** Given for one whose suggestions follow from more than its inputs: they cannot be made once more to be checked. */
  readonly isReproducible?: false;
  /** Whom it chooses among for each trial, if it does: shown to people. */
  readonly members?: readonly string[];
  /** Check the values of options, of any type until then, and whether the space can be served. @throws {UsageError} */
  readonly check?: (options: Options, space: Space) => void;
  /** What a user who chose these options should know, in sentences; said once, when the experiment is defined. */
  readonly notes?: (options: Options) => readonly string[];
  /** May answer later, if it asks somebody outside of this process; never with basis `index`. */
  readonly suggest: (context: SuggestContext<Options>) => Suggestion | Promise<Suggestion>;
}

export type Suggestion =
  | SuggestedParams
  /** Nothing sensible before more results are known. */
  | { readonly kind: "wait" }
  /** Nothing left to try, ever. */
  | { readonly kind: "done" };

/** A point to evaluate. */
export interface SuggestedParams {
  readonly kind: "params";
  readonly params: Params;
  /** Id of the trial that it continues: it starts in a copy of that one's directory. */
  readonly parent?: string;
  /** What should be known of the trial later, by people and by the algorithm itself: its rung, who was asked. */
  readonly facts?: Facts;
  /** Unique in the experiment: a second trial with this claim counts as a duplicate, whatever its parameters are. */
  readonly claim?: string;
}

export interface SuggestContext<Options extends object = Record<string, unknown>> {
  readonly space: Space;
  readonly options: Options;
  readonly trialNumber: number;
  /** 0, then 1, 2 … each time a suggestion for this number turned out to be a duplicate. */
  readonly attempt: number;
  /**
   * Keyed by seed and trial number (basis "index", see `collisions.ts`), or by seed, trial number and attempt (basis
   * "history").
   */
  readonly rng: Rng;
  /** Seed of the experiment, for generators with a purpose of their own: `keyedRng(seed, "scramble")`. */
  readonly seed: string;
  /** At most this many completed trials; may be Infinity. */
  readonly maxTrials: number;
  /**
   * Completed and broken trials in the order in which they finished; empty for basis "index". Their `objective` is to be
   * minimised, whatever the direction of the experiment; their `results` are as reported.
   */
  readonly history: readonly Trial[];
  /** Trials that have parameters but no outcome yet, by number; empty for basis "index". */
  readonly pending: readonly Trial[];
  /**
   * Anything derived from the other inputs, by name. Another process may find it empty at any time. A value that holds
   * something outside of this process has `[Symbol.dispose]`, which is called when nobody asks any more.
   */
  readonly cache: Map<string, unknown>;
}

/**
 * Types the options by their defaults.
 *
 * Outside of its file an algorithm is known with options of any kind: functions that take options are contravariant in
 * them, so algorithms with different ones would not fit in one registry. `resolveAlgorithm` has checked them by then.
 */
export function defineAlgorithm<Options extends object>(algorithm: Algorithm<Options>): Algorithm {
  return algorithm as unknown as Algorithm;
}
