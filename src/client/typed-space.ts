import type { Params, ParamValue } from "../space/dimension.js";
import type { NestedList, Prior } from "./prior.js";

/** A search space: for each name a prior, as text or from a builder. */
export type SpaceInput = Readonly<Record<string, string | Prior<unknown>>>;

/** The parameters of a trial in that space, by name and with the types of their priors. */
export type ParamsOf<Space extends SpaceInput> = string extends keyof Space
  ? Params
  : { readonly [Name in keyof Space & string as BareName<Name>]: ValueOf<Space[Name]> };

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
