/** A value that the user's program receives: a number, a category, or a (nested) list where the dimension has a shape. */
export type ParamValue =
  | number
  | string
  | boolean
  | null
  | readonly ParamValue[]
  | { readonly [key: string]: ParamValue };

/** The parameters of a trial by name, in the user's own units. */
export type Params = Readonly<Record<string, ParamValue>>;

/** One category: its value, and how Python writes it (`3`, `3.0` and `'3'` are three different categories). */
export interface Category {
  readonly value: ParamValue;
  /** As Python's `str` writes it: what the program receives on its command line. */
  readonly text: string;
  /** As Python's `repr` writes it: how it stands in `choices([…])`. */
  readonly repr: string;
}

/** How likely each value is. Numbers are in user units; bounds are inclusive. */
export type Prior =
  | { readonly name: "uniform"; readonly low: number; readonly high: number }
  /** Uniform in ln(value), 0 < low < high. */
  | { readonly name: "loguniform"; readonly low: number; readonly high: number }
  | { readonly name: "normal"; readonly mean: number; readonly deviation: number };

interface CommonDimension {
  /** As written by the user: `/lr` from a command line or file, `lr` from the library. */
  readonly name: string;
  /** Lengths of the (nested) list that a value is; empty for a scalar. */
  readonly shape: readonly number[];
  /** Belongs to the dimension; `undefined` when the user gave none. */
  readonly defaultValue: ParamValue | undefined;
}

export interface RealDimension extends CommonDimension {
  readonly type: "real";
  readonly prior: Prior;
  /** Inclusive bounds after truncation by `low=` / `high=`; may be infinite for `normal`. */
  readonly low: number;
  readonly high: number;
  /** Significant decimal digits that a value keeps, or `undefined` for all of them. */
  readonly precision: number | undefined;
}

export interface IntegerDimension extends CommonDimension {
  readonly type: "integer";
  readonly prior: Prior;
  /** Inclusive integers; may be infinite for `normal`. */
  readonly low: number;
  readonly high: number;
  /** Kept for the printed form only. */
  readonly precision: number | undefined;
}

export interface CategoricalDimension extends CommonDimension {
  readonly type: "categorical";
  readonly categories: readonly Category[];
  /** Sum to 1, same order as `categories`. */
  readonly probabilities: readonly number[];
  /** True when the user wrote a dict with probabilities, which the printed form keeps. */
  readonly weighted: boolean;
}

/** How much of a full evaluation a trial gets (epochs, samples, seconds): integers low … high on rungs base apart. */
export interface FidelityDimension extends CommonDimension {
  readonly type: "fidelity";
  readonly low: number;
  readonly high: number;
  /** Reduction factor η ≥ 1. */
  readonly base: number;
}

export type Dimension = RealDimension | IntegerDimension | CategoricalDimension | FidelityDimension;

/** A search space: its dimensions in the order of their names (code points), the order of every positional form. */
export interface Space {
  readonly dimensions: readonly Dimension[];
}
