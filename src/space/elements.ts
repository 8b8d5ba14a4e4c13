import type { ParamValue } from "./dimension.js";

/** How many elements a value of this shape has; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether a value is made of nested lists of this shape and every element passes. */
export function everyElement(
  value: ParamValue,
  shape: readonly number[],
  passes: (element: ParamValue) => boolean,
): boolean {
  const [length, ...rest] = shape;
  if (length === undefined) return passes(value);
  return isList(value) && value.length === length && value.every((item) => everyElement(item, rest, passes));
}

/** The same nesting with each element replaced; `depth` is the number of lists around an element. */
export function mapElements(value: ParamValue, depth: number, map: (element: ParamValue) => ParamValue): ParamValue {
  if (depth === 0 || !isList(value)) return map(value);
  return value.map((item) => mapElements(item, depth - 1, map));
}

/** The elements of a value in row-major order; `depth` is the number of lists around an element. */
export function listElements(value: ParamValue, depth: number): readonly ParamValue[] {
  if (depth === 0 || !isList(value)) return [value];
  return value.flatMap((item) => listElements(item, depth - 1));
}

/** Nested lists of a shape from elements in row-major order; the element itself for a scalar. */
export function nestElements(elements: readonly ParamValue[], shape: readonly number[]): ParamValue {
  const [length, ...rest] = shape;
  if (length === undefined) return elements[0]!;
  const size = elementCount(rest);
  return Array.from({ length }, (_, index) => nestElements(elements.slice(index * size, (index + 1) * size), rest));
}

/** `Array.isArray` for readonly lists. */
export function isList(value: ParamValue): value is readonly ParamValue[] {
  return Array.isArray(value);
}
