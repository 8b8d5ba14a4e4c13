import type { ParamValue } from "../dimension.js";
import { elementCount, listElements, nestElements } from "../elements.js";

/** A dimension with a shape seen as scalars: `name[0]`, `name[1]` …, or `name[0,0]`, `name[0,1]` …, row-major. */
export interface View {
  readonly names: readonly string[];
  /** The elements in the order of the names. */
  split(value: ParamValue): readonly ParamValue[];
  /** The value of that shape again. */
  join(elements: readonly ParamValue[]): ParamValue;
}

/** The view of a dimension; one without a shape keeps its name. */
export function view(name: string, shape: readonly number[]): View {
  const names = Array.from({ length: elementCount(shape) }, (_, position) => {
    const indexes = indexesAt(position, shape);
    return indexes.length === 0 ? name : `${name}[${indexes.join(",")}]`;
  });
  return {
    names,
    split: (value) => listElements(value, shape.length),
    join: (elements) => nestElements(elements, shape),
  };
}

function indexesAt(position: number, shape: readonly number[]): readonly number[] {
  let rest = position;
  const indexes = shape.toReversed().map((length) => {
    const index = rest % length;
    rest = (rest - index) / length;
    return index;
  });
  return indexes.toReversed();
}
