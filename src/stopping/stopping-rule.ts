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
  /** Check the values of options, of any type until then. @throws {UsageError} */
  readonly check?: (options: Options) => void;
  /** Why the trial should stop now, as a clause for people; `undefined` to go on. */
  readonly judge: (question: StoppingQuestion<Options>) => string | undefined;
}

export interface StoppingQuestion<Options extends object = Record<string, unknown>> {
  readonly options: Options;
  /** Of the trial; its last step is the one to judge. Never empty. */
  readonly curve: Curve;
  /** Of all other trials of the experiment, running ones included. */
  readonly others: readonly Curve[];
  /** −1 where the user maximises: times a value, it gives the user's own. */
  readonly sign: 1 | -1;
}

/** Types the options by their defaults; see `defineAlgorithm` for the cast. */
export function defineStoppingRule<Options extends object>(rule: StoppingRule<Options>): StoppingRule {
  return rule as unknown as StoppingRule;
}
