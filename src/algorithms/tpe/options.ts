import { UsageError } from "../../errors.js";
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
  for (const [name, isRight, expected] of rules) {
    if (isRight(options[name])) continue;
    throw new UsageError(`tpe: ${name} is ${JSON.stringify(options[name])}.`, `Give ${expected}.`);
  }
  if (options.parallel_strategy !== null) readParallelStrategy(options.parallel_strategy, "tpe: parallel_strategy");
}

type Rule = readonly [name: keyof TpeOptions, isRight: (value: unknown) => boolean, expected: string];

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const isCountOrNone = (value: unknown) => value === 0 || isCount(value);
const isFlag = (value: unknown) => typeof value === "boolean";
const isPositive = (value: unknown) => Number.isFinite(value) && (value as number) > 0;
const isShare = (value: unknown) => isPositive(value) && (value as number) < 1;

const rules: readonly Rule[] = [
  ["n_initial_points", isCount, "a whole number of at least 1"],
  ["n_ei_candidates", isCount, "a whole number of at least 1"],
  ["gamma", isShare, "a number above 0 and below 1"],
  ["equal_weight", isFlag, "true or false"],
  ["prior_weight", isPositive, "a number above 0"],
  ["full_weight_num", isCountOrNone, "a whole number of at least 0"],
  ["max_retry", isCountOrNone, "a whole number of at least 0"],
  ["multivariate", isFlag, "true or false"],
];
