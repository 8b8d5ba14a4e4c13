import { UsageError } from "../errors.js";
import type { Rng } from "../math/rng.js";
import type { Params } from "../space/dimension.js";

/** An objective whose answer is known, or cheap to find: what algorithms are compared on. Always minimised. */
export interface Problem {
  /** The name that resolves to it, with its parameters: `rosenbrock-5d`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Where the formula comes from, with an address where there is one. */
  readonly source: string;
  /** The search space: the prior of each dimension by name, as in `parseSpace`. */
  readonly space: Readonly<Record<string, string>>;
  /**
   * What a program would report for these parameters.
   *
   * @param params - Complete, by the names of `space`.
   * @param rng - For noise; keyed by seed and trial, so a run can be repeated. Problems without noise do not draw.
   */
  readonly evaluate: (params: Params, rng: Rng) => number;
  /** The value without noise, at the highest fidelity, where `evaluate` gives something else: regret is measured in it. */
  readonly truth?: (params: Params) => number;
  /** The least true value in the space; `undefined` where nobody knows it. */
  readonly minimum: number | undefined;
  /** Points at which it is reached, up to rounding; at least one where `minimum` is known. */
  readonly optima: readonly Params[];
  /** How long one evaluation takes beside others of the problem; default 1 for all. Dimensionless, above 0. */
  readonly cost?: (params: Params) => number;
}

/** The true value of parameters: what `evaluate` gives, less the noise, at the highest fidelity. */
export function trueValue({ truth, evaluate }: Problem, params: Params): number {
  return truth === undefined ? evaluate(params, silence) : truth(params);
}

/** For problems that draw nothing; whoever draws is told. */
const silence: Rng = {
  next: () => {
    throw new TypeError("a problem that draws random numbers needs a `truth`");
  },
  below: () => {
    throw new TypeError("a problem that draws random numbers needs a `truth`");
  },
};

/** Problems of one formula: the default export of a file in `problems/`, found by its name in `registry.ts`. */
export interface ProblemFamily {
  readonly summary: string;
  readonly source: string;
  /** What may stand behind the name, in the order in which it is printed; empty when there is one problem only. */
  readonly parameters: Readonly<Record<string, FamilyParameter>>;
  /** @param values - One for each of `parameters`. */
  readonly build: (values: Readonly<Record<string, number>>) => ProblemBody;
}

/** What a formula adds to its name, summary and source. */
export type ProblemBody = Omit<Problem, "name" | "summary" | "source">;

/** A whole number that is part of a problem's name. */
export interface FamilyParameter {
  /** How it is written, with # for the number: `#d` for `5d`, `i#` for `i1`. */
  readonly notation: string;
  readonly meaning: string;
  readonly default: number;
  /** All that there are, or the ends of a range. */
  readonly values: readonly number[] | { readonly from: number; readonly to: number };
}

/** The parameter that nearly every family has. */
export function dimensionParameter(
  byDefault: number,
  values: FamilyParameter["values"] = { from: 1, to: 100 },
): FamilyParameter {
  return { notation: "#d", meaning: "number of dimensions", default: byDefault, values };
}

/** Types a family and checks nothing. */
export function defineFamily(family: ProblemFamily): ProblemFamily {
  return family;
}

/** @throws {UsageError} for a value that the parameter does not have. */
export function checkParameter(name: string, { meaning, values, notation }: FamilyParameter, value: number): number {
  const isKnown = "from" in values ? value >= values.from && value <= values.to : values.includes(value);
  if (isKnown) return value;
  const range = "from" in values ? `${values.from} to ${values.to}` : values.join(", ");
  throw new UsageError(
    `The problem "${name}" has no ${meaning} ${value}.`,
    `There are ${range}, written ${notation.replace("#", String("from" in values ? values.from : values[0]))}.`,
  );
}
