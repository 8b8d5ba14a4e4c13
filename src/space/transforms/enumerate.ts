import type { ParamValue } from "../dimension.js";
import { sameValue } from "../same-value.js";
import type { Transformer } from "./transformer.js";

/**
 * Category to its index, one to one.
 *
 * Forward throws a RangeError for a value that is no category, backward for a number that is no index.
 */
export function enumerate(categories: readonly ParamValue[]): Transformer {
  const cardinality = categories.length;
  return {
    source: { type: "categorical", interval: categories, cardinality },
    target: { type: "integer", interval: [0, cardinality - 1], cardinality },
    forward: (element) => {
      const index = categories.findIndex((category) => sameValue(category, element));
      if (index < 0) throw new RangeError(`${JSON.stringify(element)} is no category`);
      return index;
    },
    backward: (element) => {
      const category = categories[element as number];
      if (category === undefined)
        throw new RangeError(`${JSON.stringify(element)} is no index of ${cardinality} categories`);
      return category;
    },
  };
}
