import { elementCardinality } from "./cardinality.js";
import type { Dimension, IntegerDimension, Params, ParamValue, RealDimension, Space } from "./dimension.js";
import { elementCount, mapElements } from "./elements.js";
import { enumerate } from "./transforms/enumerate.js";
import { linearize } from "./transforms/linearize.js";
import { oneHot } from "./transforms/one-hot.js";
import { precision } from "./transforms/precision.js";
import { quantize } from "./transforms/quantize.js";
import {
  compose,
  type ElementKind,
  identity,
  type NumericKind,
  reverse,
  type Transformer,
} from "./transforms/transformer.js";
import { view } from "./transforms/view.js";
import { contains, getParam } from "./values.js";

/** What an algorithm or an analysis wants of the space that it works in. Nothing asked, nothing changed but rounding. */
export interface Requirements {
  /** `numerical`: reals and integers may stay what they are, categories become indexes. */
  readonly type?: "real" | "integer" | "numerical";
  /** `linear`: a loguniform becomes the uniform of its logarithm. */
  readonly dist?: "linear";
  /** `flattened`: a dimension with a shape becomes one dimension for each element. */
  readonly shape?: "flattened";
}

/** A dimension of the transformed space. */
export type TransformedDimension = {
  readonly name: string;
  /** Lengths of the nested list that a value is; empty for a scalar. */
  readonly shape: readonly number[];
  /** Different values of the whole dimension; their product is that of the space, unless reals were quantised. */
  readonly cardinality: number;
} & (
  | { readonly type: "real" | "integer" | "fidelity"; readonly interval: readonly [low: number, high: number] }
  | { readonly type: "categorical"; readonly interval: readonly ParamValue[] }
);

export interface TransformedSpace {
  /** In the order of the original space; the elements of a flattened one side by side. */
  readonly dimensions: readonly TransformedDimension[];
  /** From the user's values to those of the transformed dimensions, by name. @throws {TypeError} when one is missing. */
  forward(params: Params): Params;
  /** And back, inside the bounds of the original space. @throws {TypeError} when one is missing. */
  backward(values: Params): Params;
  /** Whether values, transformed back, belong to the original space. */
  contains(values: Params): boolean;
}

/** The space as an algorithm with these requirements sees it, and the way there and back. */
export function transformSpace(space: Space, requirements: Requirements): TransformedSpace {
  const columns = space.dimensions.map((dimension) => transformDimension(dimension, requirements));
  const backward = (values: Params) =>
    Object.fromEntries(columns.map(({ name, backward }) => [name, backward(values)]));
  return {
    dimensions: columns.flatMap(({ targets }) => targets),
    forward: (params) => Object.fromEntries(columns.flatMap(({ forward }) => forward(params))),
    backward,
    contains: (values) => {
      const params = backward(values);
      return space.dimensions.every((dimension) => contains(dimension, params[dimension.name]!));
    },
  };
}

interface Column {
  readonly name: string;
  readonly targets: readonly TransformedDimension[];
  forward(params: Params): readonly (readonly [string, ParamValue])[];
  backward(values: Params): ParamValue;
}

function transformDimension(dimension: Dimension, requirements: Requirements): Column {
  const { name, shape } = dimension;
  const transformer = chooseTransformer(dimension, requirements);
  const forward = (params: Params) => mapElements(requireValue(params, name), shape.length, transformer.forward);
  const backward = (value: ParamValue) => mapElements(value, shape.length, transformer.backward);
  const { length, ...target } = { length: undefined, ...transformer.target };
  const targetShape = length === undefined ? shape : [...shape, length];
  if (requirements.shape !== "flattened") {
    return {
      name,
      targets: [{ ...target, name, shape: targetShape, cardinality: target.cardinality ** elementCount(shape) }],
      forward: (params) => [[name, forward(params)]],
      backward: (values) => backward(requireValue(values, name)),
    };
  }
  const { names, split, join } = view(name, targetShape);
  // of the numbers that stand for one category, the first carries the count of categories
  const cardinalityAt = (index: number) => (index % (length ?? 1) === 0 ? target.cardinality : 1);
  return {
    name,
    targets: names.map((one, index) => ({ ...target, name: one, shape: [], cardinality: cardinalityAt(index) })),
    forward: (params) => split(forward(params)).map((element, index) => [names[index]!, element]),
    backward: (values) => backward(join(names.map((one) => requireValue(values, one)))),
  };
}

/** The transformations of one element, in their order. A linear one of a loguniform is real, whatever else is asked. */
function chooseTransformer(dimension: Dimension, { type, dist }: Requirements): Transformer {
  const kind = kindOf(dimension);
  if (kind.type === "categorical") {
    if (type === undefined) return identity(kind);
    const index = enumerate(kind.interval);
    return type === "real" ? compose(index, oneHot(index.target as NumericKind)) : index;
  }
  if (dimension.type !== "real" && dimension.type !== "integer") return identity(kind);
  const first = dimension.type === "real" ? precision(kind, dimension.precision) : identity(kind);
  if (dist === "linear" && isLogarithmic(dimension)) {
    const real = dimension.type === "real" ? first : asReal(kind);
    return compose(real, linearize(real.target as NumericKind));
  }
  if (dimension.type === "real") return type === "integer" ? compose(first, quantize(kind)) : first;
  return type === "real" ? asReal(kind) : first;
}

function kindOf(dimension: Dimension): ElementKind {
  const cardinality = elementCardinality(dimension);
  if (dimension.type !== "categorical") {
    return { type: dimension.type, interval: [dimension.low, dimension.high], cardinality };
  }
  return { type: "categorical", interval: dimension.categories.map(({ value }) => value), cardinality };
}

function isLogarithmic({ prior }: RealDimension | IntegerDimension): boolean {
  return prior.name === "loguniform";
}

/** An integer as a real number of the same bounds, which rounds on the way back. */
function asReal(kind: NumericKind): Transformer {
  return reverse(quantize({ ...kind, type: "real" }));
}

function requireValue(params: Params, name: string): ParamValue {
  const value = getParam(params, name);
  if (value === undefined) throw new TypeError(`the values lack ${name}`);
  return value;
}
