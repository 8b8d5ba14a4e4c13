import type { ParamValue } from "./dimension.js";
import { pythonFloat, pythonInt, pythonRepr } from "./python-text.js";
import type { Span } from "./syntax-error.js";

/**
 * A value as written in the search-space language, with its place in the text.
 *
 * Unlike a JavaScript value it knows an int from a float and a list from a tuple, as Python's text forms do.
 */
export type Literal = Span &
  (
    | { readonly kind: "int" | "float"; readonly value: number }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "bool"; readonly value: boolean }
    | { readonly kind: "none" }
    | { readonly kind: "list" | "tuple"; readonly items: readonly Literal[] }
    | { readonly kind: "dict"; readonly entries: readonly (readonly [Literal, Literal])[] }
  );

export type LiteralOf<Kind extends Literal["kind"]> = Extract<Literal, { readonly kind: Kind }>;

export function isNumber(literal: Literal): literal is LiteralOf<"int" | "float"> {
  return literal.kind === "int" || literal.kind === "float";
}

export function isSequence(literal: Literal): literal is LiteralOf<"list" | "tuple"> {
  return literal.kind === "list" || literal.kind === "tuple";
}

/** The JavaScript value: ints and floats become numbers, tuples become lists, keys of dicts become strings. */
export function literalValue(literal: Literal): ParamValue {
  if (literal.kind === "none") return null;
  if (isSequence(literal)) return literal.items.map(literalValue);
  if (literal.kind !== "dict") return literal.value;
  return Object.fromEntries(literal.entries.map(([key, item]) => [literalStr(key), literalValue(item)]));
}

/** As Python's `str` writes it. */
export function literalStr(literal: Literal): string {
  return literal.kind === "string" ? literal.value : literalRepr(literal);
}

/** As Python's `repr` writes it; read again, it gives the same literal. */
export function literalRepr(literal: Literal): string {
  if (literal.kind === "int") return pythonInt(literal.value);
  if (literal.kind === "float") return pythonFloat(literal.value);
  if (literal.kind === "none") return pythonRepr(null);
  if (isSequence(literal)) {
    const items = literal.items.map(literalRepr).join(", ");
    if (literal.kind === "list") return `[${items}]`;
    return literal.items.length === 1 ? `(${items},)` : `(${items})`;
  }
  if (literal.kind !== "dict") return pythonRepr(literal.value);
  return `{${literal.entries.map(([key, item]) => `${literalRepr(key)}: ${literalRepr(item)}`).join(", ")}}`;
}
