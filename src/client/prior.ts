import { inspect } from "node:util";
import { UsageError } from "../errors.js";
import type { ParamValue } from "../space/dimension.js";
import { numberText, pythonRepr } from "../space/python-text.js";
import { type NamesOf, requireOptions } from "./require-options.js";

/** Only the compiler knows it. */
declare const valueType: unique symbol;

/** A prior that knows the type of its values; its text is the one that the command line takes. */
export interface Prior<Value> {
  /** In the language of the search space: `loguniform(1e-05, 1)`. */
  readonly text: string;
  readonly [valueType]?: Value;
}

/** Length of a list, or lengths of nested lists; none for a scalar. */
export type Shape = number | readonly number[] | undefined;

/** What a dimension of that shape holds: `readonly Value[]` for 3, lists of lists for `[2, 3]`. */
export type Shaped<Value, Lengths extends Shape> = Lengths extends undefined
  ? Value
  : Lengths extends number
    ? readonly Value[]
    : Lengths extends readonly []
      ? Value
      : Lengths extends readonly [number, ...infer Rest extends readonly number[]]
        ? readonly Shaped<Value, Rest>[]
        : NestedList<Value>;

/** Lists of lists of unknown depth. */
export type NestedList<Value> = readonly (Value | NestedList<Value>)[];

export interface NumberOptions<Lengths extends Shape = undefined> {
  /** Whole numbers only; both bounds belong to them. */
  readonly discrete?: boolean;
  /** Significant decimal digits that a value keeps, 4 if absent; `null` keeps all. */
  readonly precision?: number | null;
  /** Cut the prior off below. */
  readonly low?: number;
  /** Cut the prior off above. */
  readonly high?: number;
  readonly shape?: Lengths;
  /** Taken where a trial is inserted without a value. */
  readonly defaultValue?: Shaped<number, Lengths>;
}

/** Every number from `low` to `high` is equally likely. */
export function uniform<const Lengths extends Shape = undefined>(
  low: number,
  high: number,
  options: NumberOptions<Lengths> = {},
): Prior<Shaped<number, Lengths>> {
  return numeric("uniform", [low, high], options);
}

/** Every order of magnitude from `low` to `high` is equally likely; `low` is above 0. */
export function loguniform<const Lengths extends Shape = undefined>(
  low: number,
  high: number,
  options: NumberOptions<Lengths> = {},
): Prior<Shaped<number, Lengths>> {
  return numeric("loguniform", [low, high], options);
}

/** The bell curve; without bounds unless `low` and `high` cut it off. */
export function normal<const Lengths extends Shape = undefined>(
  mean: number,
  deviation: number,
  options: NumberOptions<Lengths> = {},
): Prior<Shaped<number, Lengths>> {
  return numeric("normal", [mean, deviation], options);
}

/**
 * How much of a full evaluation a trial gets (epochs, samples): whole numbers from `low` to `high`.
 *
 * @param base - Each rung is this many times as high as the one below it.
 */
export function fidelity(low: number, high: number, base?: number): Prior<number> {
  return { text: call("fidelity", [low, high, base], {}) };
}

export interface ChoiceOptions<Value, Lengths extends Shape = undefined> {
  /** One for each value, in their order; they sum to 1. Equal ones if absent. */
  readonly probabilities?: readonly number[];
  readonly shape?: Lengths;
  readonly defaultValue?: Shaped<Value, Lengths>;
}

/**
 * One of these values: texts, numbers, booleans, `null`, or lists of them.
 *
 * @throws {UsageError} for another number of probabilities than of values.
 */
export function choices<const Value extends ParamValue, const Lengths extends Shape = undefined>(
  values: readonly Value[],
  options: ChoiceOptions<Value, Lengths> = {},
): Prior<Shaped<Value, Lengths>> {
  requireOptions("choices", options, choiceOptions);
  if (!Array.isArray(values)) {
    throw new UsageError(`The values of choices() are ${inspect(values)}.`, 'Give a list: choices(["a", "b"]).');
  }
  const { probabilities, shape, defaultValue } = options;
  const categories = probabilities === undefined ? written(values) : weighted(values, probabilities);
  return { text: call("choices", [new Written(categories)], { shape, default_value: defaultValue }) };
}

const numberOptions: NamesOf<NumberOptions<Shape>> = {
  ...{ discrete: true, precision: true, low: true, high: true, shape: true, defaultValue: true },
};

const choiceOptions: NamesOf<ChoiceOptions<ParamValue, Shape>> = {
  probabilities: true,
  shape: true,
  defaultValue: true,
};

const remedies = {
  log: "Use loguniform(1e-5, 1), which is even in the logarithm.",
  step: "Use uniform(0, 10, { discrete: true }) and multiply by the step, or list the values in choices([…]).",
};

function numeric<Value>(name: string, numbers: readonly number[], options: NumberOptions<Shape>): Prior<Value> {
  requireOptions(name, options, numberOptions, remedies);
  const { discrete, precision, low, high, shape, defaultValue } = options;
  const keywords = { low, high, shape, default_value: defaultValue, precision, discrete };
  return { text: call(name, numbers, keywords) };
}

/** Text that stands in a call as it is. */
class Written {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What is `undefined` is left out; whether the arguments make sense is for the parser to say, with their place. */
function call(name: string, positional: readonly unknown[], keywords: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(keywords).filter(([, value]) => value !== undefined);
  const words = [
    ...positional.filter((value) => value !== undefined).map(written),
    ...named.map(([key, value]) => `${key}=${written(value)}`),
  ];
  return `${name}(${words.join(", ")})`;
}

/** @throws {UsageError} for what only a program in JavaScript can hand over. */
function written(value: unknown): string {
  if (value instanceof Written) return value.text;
  requireValue(value);
  return typeof value === "number" ? numberText(value) : pythonRepr(value);
}

function requireValue(value: unknown): asserts value is ParamValue {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return;
  if (Array.isArray(value) || isPlain(value)) return Object.values(value).forEach(requireValue);
  throw new UsageError(
    `The value ${inspect(value)} cannot be in a prior.`,
    "Give texts, numbers, booleans, null, or lists of them.",
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function weighted(values: readonly ParamValue[], probabilities: readonly number[]): string {
  if (values.length !== probabilities.length) {
    throw new UsageError(
      `choices has ${values.length} values and ${probabilities.length} probabilities.`,
      "Give one probability for each value, in their order.",
    );
  }
  return `{${values.map((value, at) => `${written(value)}: ${written(probabilities[at])}`).join(", ")}}`;
}
