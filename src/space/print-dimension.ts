import { defaultPrecision } from "./build-numeric.js";
import type {
  CategoricalDimension,
  Dimension,
  IntegerDimension,
  ParamValue,
  RealDimension,
  Space,
} from "./dimension.js";
import { naturalBounds } from "./natural-bounds.js";
import { numberText } from "./python-text.js";
import { sameValue } from "./same-value.js";

/**
 * The canonical text of a dimension: two dimensions are the same if and only if their texts are.
 *
 * Read again, it gives an equal dimension: no digit is lost. Arguments stand in this order: those of the prior, `low=`,
 * `high=`, `shape=`, `default_value=`, `precision=` unless 4, `discrete=True`.
 */
export function printDimension(dimension: Dimension): string {
  if (dimension.type === "fidelity") {
    const base = dimension.base === 2 ? [] : [`base=${dimension.base}`];
    return `fidelity(${[String(dimension.low), String(dimension.high), ...base].join(", ")})`;
  }
  if (dimension.type === "categorical") {
    return `choices(${[categoriesText(dimension), ...shapeText(dimension), ...defaultText(dimension)].join(", ")})`;
  }
  const precision = dimension.precision === undefined ? "None" : String(dimension.precision);
  const words = [
    ...priorArguments(dimension),
    ...boundsText(dimension),
    ...shapeText(dimension),
    ...defaultText(dimension),
    ...(dimension.precision === defaultPrecision ? [] : [`precision=${precision}`]),
    ...(dimension.type === "integer" ? ["discrete=True"] : []),
  ];
  return `${dimension.prior.name}(${words.join(", ")})`;
}

/** The canonical text of every dimension, by name. */
export function printSpace(space: Space): Record<string, string> {
  return Object.fromEntries(space.dimensions.map((dimension) => [dimension.name, printDimension(dimension)]));
}

function priorArguments({ prior }: RealDimension | IntegerDimension): readonly string[] {
  const numbers = prior.name === "normal" ? [prior.mean, prior.deviation] : [prior.low, prior.high];
  return numbers.map(numberText);
}

function boundsText(dimension: RealDimension | IntegerDimension): readonly string[] {
  const natural = naturalBounds(dimension);
  return [
    ...(dimension.low === natural.low ? [] : [`low=${numberText(dimension.low)}`]),
    ...(dimension.high === natural.high ? [] : [`high=${numberText(dimension.high)}`]),
  ];
}

function categoriesText({ categories, probabilities, weighted }: CategoricalDimension): string {
  if (!weighted) return `[${categories.map(({ repr }) => repr).join(", ")}]`;
  return `{${categories.map(({ repr }, index) => `${repr}: ${numberText(probabilities[index]!)}`).join(", ")}}`;
}

function shapeText({ shape }: Dimension): readonly string[] {
  if (shape.length === 0) return [];
  return [`shape=${shape.length === 1 ? String(shape[0]) : `(${shape.join(", ")})`}`];
}

function defaultText(dimension: Exclude<Dimension, { type: "fidelity" }>): readonly string[] {
  const { defaultValue, shape } = dimension;
  if (defaultValue === undefined) return [];
  return [`default_value=${nestedText(defaultValue, shape.length, (element) => elementText(dimension, element))}`];
}

function nestedText(value: ParamValue, depth: number, print: (element: ParamValue) => string): string {
  if (depth === 0) return print(value);
  return `[${(value as readonly ParamValue[]).map((item) => nestedText(item, depth - 1, print)).join(", ")}]`;
}

function elementText(dimension: Dimension, element: ParamValue): string {
  if (dimension.type !== "categorical") return numberText(element as number);
  return dimension.categories.find(({ value }) => sameValue(value, element))!.repr;
}
