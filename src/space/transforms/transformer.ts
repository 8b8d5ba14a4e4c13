import type { ParamValue } from "../dimension.js";

/** What one element of a dimension is, on one side of a transformation. */
export type ElementKind =
  | {
      readonly type: "real" | "integer" | "fidelity";
      /** Inclusive bounds, possibly infinite. */
      readonly interval: readonly [low: number, high: number];
      readonly cardinality: number;
      /** Set where the element has become a list of numbers: its length. */
      readonly length?: number;
    }
  | {
      readonly type: "categorical";
      /** The categories. */
      readonly interval: readonly ParamValue[];
      readonly cardinality: number;
    };

export type NumericKind = Exclude<ElementKind, { readonly type: "categorical" }>;

/**
 * A map between the elements of a dimension as the user knows them and as an algorithm wants them, and back.
 *
 * Both functions accept any element of their side; neither checks bounds.
 */
export interface Transformer {
  readonly source: ElementKind;
  readonly target: ElementKind;
  forward(element: ParamValue): ParamValue;
  backward(element: ParamValue): ParamValue;
}

/** Leaves elements as they are. */
export function identity(kind: ElementKind): Transformer {
  return { source: kind, target: kind, forward: (element) => element, backward: (element) => element };
}

/** One transformer after another: the target of the first is the source of the second. */
export function compose(first: Transformer, second: Transformer): Transformer {
  return {
    source: first.source,
    target: second.target,
    forward: (element) => second.forward(first.forward(element)),
    backward: (element) => first.backward(second.backward(element)),
  };
}

/** The same transformer with its two directions swapped. */
export function reverse({ source, target, forward, backward }: Transformer): Transformer {
  return { source: target, target: source, forward: backward, backward: forward };
}
