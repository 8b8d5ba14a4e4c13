import type { ParamValue } from "../dimension.js";
import type { NumericKind, Transformer } from "./transformer.js";

/**
 * Index to a list of zeros with a one at its place; of two categories to a single 0 or 1, of one to a single 0.
 *
 * The way back accepts any numbers: the largest wins, the first of equal ones, and of a single number 1 begins above ½.
 */
export function oneHot(source: NumericKind): Transformer {
  const { cardinality } = source;
  const target: NumericKind = { type: "real", interval: [0, 1], cardinality };
  if (cardinality === 1) return { source, target, forward: () => 0, backward: () => 0 };
  if (cardinality === 2) {
    return { source, target, forward: (index) => index, backward: (number) => ((number as number) > 0.5 ? 1 : 0) };
  }
  return {
    source,
    target: { ...target, length: cardinality },
    forward: (index) => Array.from({ length: cardinality }, (_, place) => (place === index ? 1 : 0)),
    backward: (numbers) => largestIndex(numbers as readonly number[]),
  };
}

function largestIndex(numbers: readonly ParamValue[]): number {
  let largest = 0;
  for (let index = 1; index < numbers.length; index++) {
    if (numbers[index]! > numbers[largest]!) largest = index;
  }
  return largest;
}
