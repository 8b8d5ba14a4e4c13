import { checkOptions, countFrom, positiveNumber, properShare, trueOrFalse, wholeNumber } from "../option-rules.js";
import { readParallelStrategy } from "../parallel-strategy.js";

export interface TpeOptions {
  /** Trials of a Sobol sequence that must have finished before the model is asked. */
  readonly n_initial_points: number;
  /** Candidates drawn from the density of the good trials; the one with the best ratio of densities is suggested. */
  readonly n_ei_candidates: number;
  /** The share of the trials that count as good, in (0, 1). */
  readonly gamma: number;
  /** All trials weigh the same, however old. */
  readonly equal_weight: boolean;
  /** How many trials the prior is worth, positive. */
  readonly prior_weight: number;
  /** The last so many trials have their full weight, older ones less and less. */
  readonly full_weight_num: number;
  /** So many more proposals when the best one was tried before, until a random point is taken. */
  readonly max_retry: number;
  /** One density for all dimensions together; `false` takes each by itself, as Oríon does. */
  readonly multivariate: boolean;
  /** See `readParallelStrategy`. `null`: broken trials are the worst, pending ones are bad. */
  readonly parallel_strategy: unknown;
}

export const defaultTpeOptions: TpeOptions = {
  n_initial_points: 10,
  n_ei_candidates: 24,
  gamma: 0.1,
  equal_weight: false,
  prior_weight: 1,
  full_weight_num: 25,
  max_retry: 100,
  multivariate: true,
  parallel_strategy: null,
};

/** @throws {UsageError} for a value that is out of range. */
export function checkTpeOptions(options: TpeOptions): void {
  checkOptions("tpe", options, rules);
  if (options.parallel_strategy !== null) readParallelStrategy(options.parallel_strategy, "tpe: parallel_strategy");
}

const rules = {
  n_initial_points: wholeNumber(1),
  n_ei_candidates: countFrom(1),
  gamma: properShare,
  equal_weight: trueOrFalse,
  prior_weight: positiveNumber,
  full_weight_num: wholeNumber(0),
  max_retry: countFrom(0),
  multivariate: trueOrFalse,
};
