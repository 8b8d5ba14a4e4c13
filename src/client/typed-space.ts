import type { Params, ParamValue } from "../space/dimension.js";
import type { NestedList, Prior } from "./prior.js";

/**
 * A search space: for each name a prior, as text or from a builder, or a group of them. The names of a group stand behind
 * its own and a dot: `{ model: { layers } }` is the dimension `model.layers`.
 */
export interface SpaceInput {
  readonly [name: string]: string | Prior<unknown> | SpaceInput;
}

/** The parameters of a trial in that space, by name and with the types of their priors. */
export type ParamsOf<Space extends SpaceInput> = string extends keyof Space
  ? Params
  : { readonly [Name in DimensionNames<Space> as BareName<Name>]: ValueOf<EntryAt<Space, Name>> };

/** Names of all dimensions, those of groups with their dots. */
type DimensionNames<Space> = {
  [Name in keyof Space & string]: Space[Name] extends string | Prior<unknown>
    ? Name
    : `${Name}.${DimensionNames<Space[Name]>}`;
}[keyof Space & string];

type EntryAt<Space, Path extends string> = Path extends keyof Space
  ? Space[Path]
  : Path extends `${infer Group}.${infer Rest}`
    ? Group extends keyof Space
      ? EntryAt<Space[Group], Rest>
      : never
    : never;

/** The library knows names without the leading "/" that the command line gives them. */
type BareName<Name extends string> = Name extends `/${infer Rest}` ? Rest : Name;

type ValueOf<Entry> = Entry extends string ? ValueOfText<Entry> : Entry extends Prior<infer Value> ? Value : never;

/** What the text of a prior says about its values; everything that it could be where it says nothing. */
export type ValueOfText<Text extends string> = string extends Text
  ? ParamValue
  : Trimmed<Text> extends `${NumberPrior}(${infer Words}`
    ? ShapedByText<number, Words>
    : Trimmed<Text> extends `fidelity(${string}`
      ? number
      : Trimmed<Text> extends `choices([${infer Items}]${infer Rest}`
        ? ValueOfChoices<Items, Rest>
        : ParamValue;

type NumberPrior = "uniform" | "loguniform" | "reciprocal" | "normal" | "gaussian" | "norm";

/** `shape=3` makes a list; what `shape=(2, 3)` makes is not counted here. */
type ShapedByText<Value, Words extends string> = Words extends `${string}shape=${infer Lengths}`
  ? Lengths extends `${"(" | "["}${string}`
    ? NestedList<Value>
    : readonly Value[]
  : Words extends `${string}shape${string}`
    ? Value | NestedList<Value>
    : Value;

type ValueOfChoices<Items extends string, Rest extends string> = Rest extends `${string}shape${string}`
  ? ParamValue
  : UnlessUnread<ReadItems<Items>>;

/** Marks a list that holds something which is not read here: nested lists, calculations, escapes. */
declare const unread: unique symbol;
type Unread = typeof unread;
type UnlessUnread<Value> = Unread extends Value ? ParamValue : Value;

type ReadItems<Items extends string> = Items extends `${infer First},${infer More}`
  ? ReadItem<Trimmed<First>> | (Trimmed<More> extends "" ? never : ReadItems<More>)
  : ReadItem<Trimmed<Items>>;

type ReadItem<Item extends string> = Item extends `'${infer Value}'` | `"${infer Value}"`
  ? Value extends `${string}${"'" | '"' | "\\"}${string}`
    ? Unread
    : Value
  : Item extends `${number}`
    ? number
    : Item extends "True"
      ? true
      : Item extends "False"
        ? false
        : Item extends "None"
          ? null
          : Unread;

type Trimmed<Text extends string> = Text extends `${" " | "\n" | "\t"}${infer Rest}`
  ? Trimmed<Rest>
  : Text extends `${infer Rest}${" " | "\n" | "\t"}`
    ? Trimmed<Rest>
    : Text;
