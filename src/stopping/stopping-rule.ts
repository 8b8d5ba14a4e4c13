/** What a trial reported while it ran, by step. */
export interface Curve {
  /** Ascending. */
  readonly steps: readonly number[];
  /** One for each step, to be minimised; may be NaN or infinite. */
  readonly values: readonly number[];
}

/**
 * Decides from the values that trials report whether one of them is worth going on with. It is asked once for each
 * report, with the curve up to that one, and is a pure function, so all workers judge alike.
 */
export interface StoppingRule<Options extends object = Record<string, unknown>> {
  /** One sentence for the docs. */
  readonly summary: string;
  /** Where it comes from, with an address. */
  readonly source: string;
  /** Every option with its default; an option that is not here is refused. */
  readonly defaults: Options;
  /** What it looks at: the reports of the trial alone, or those of the whole experiment, which have to be read for it. */
  readonly basis: "trial" | "experiment";
  /** Check the values of options, of any type until then. @throws {UsageError} */
  readonly check?: (options: Options) => void;
  /** Why the trial should stop now, as a clause for people; `undefined` to go on. */
  readonly judge: (question: StoppingQuestion<Options>) => string | undefined;
}

export interface StoppingQuestion<Options extends object = Record<string, unknown>> {
  readonly options: Options;
  /** Of the trial; its last step is the one to judge. Never empty. */
  readonly curve: Curve;
  /** All other trials of the experiment, running ones included; none for basis "trial". Of use until `judge` returns. */
  readonly others: Others;
  /** −1 where the user maximises: times a value, it gives the user's own. */
  readonly sign: 1 | -1;
}

/** Trials to compare one with. The cost of a question follows what was reported since it was last asked, not the trials. */
export interface Others {
  /**
   * One value of each trial that has it, ranked.
   *
   * @param name - Says what the value is, with all that it depends on: `at step 3`.
   * @param read - A pure function of a curve, which is never empty; `undefined` where the curve has no such value.
   */
  rank(name: string, read: (curve: Curve) => number | undefined): Ranking;
}

/** Values in ascending order; NaN is worse than anything, so it is there as Infinity. */
export interface Ranking {
  readonly count: number;
  /** The value at a place, from 0 to count − 1. */
  at(place: number): number;
  /** How many are less than a value. */
  countBelow(value: number): number;
}

/** Types the options by their defaults; see `defineAlgorithm` for the cast. */
export function defineStoppingRule<Options extends object>(rule: StoppingRule<Options>): StoppingRule {
  return rule as unknown as StoppingRule;
}
