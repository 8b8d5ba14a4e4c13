import { SpaceSyntaxError, UsageError } from "../errors.js";
import type { CategoricalDimension, Category, Dimension, Params, ParamValue, Space } from "./dimension.js";
import { everyElement, isList, listElements, mapElements } from "./elements.js";
import { type Literal, literalValue } from "./literal.js";
import { parseLiteral } from "./parse-literal.js";
import { bareName } from "./parse-space.js";
import { numberText, pythonRepr, pythonStr } from "./python-text.js";
import { sameValue } from "./same-value.js";

/**
 * Complete, checked parameters: one value for each dimension, in the order of the space and under its names.
 *
 * @param params - By name, with or without a leading `/`. What is missing takes its default; a fidelity takes `high`.
 * @throws {UsageError} naming the culprit: unknown, missing without a default, or outside of its dimension.
 */
export function checkParams(space: Space, params: Params): Params {
  const given = new Map<string, ParamValue>();
  for (const [name, value] of Object.entries(params)) {
    if (!space.dimensions.some((dimension) => bareName(dimension.name) === bareName(name))) {
      const names = space.dimensions.map((dimension) => dimension.name).join(", ");
      throw new UsageError(`There is no dimension "${name}" in the search space.`, `Its dimensions are ${names}.`);
    }
    if (given.has(bareName(name))) {
      throw new UsageError(
        `The dimension "${name}" has two values.`,
        `Give "${bareName(name)}" once, with or without "/".`,
      );
    }
    given.set(bareName(name), value);
  }
  return Object.fromEntries(
    space.dimensions.map((dimension) => [
      dimension.name,
      completeValue(dimension, given.get(bareName(dimension.name))),
    ]),
  );
}

/** The default of a dimension: what the user gave, or the highest fidelity. */
export function defaultOf(dimension: Dimension): ParamValue | undefined {
  return dimension.type === "fidelity" ? dimension.high : dimension.defaultValue;
}

/** Whether a value belongs to a dimension: its type, its shape, its bounds. Any number between its bounds is a fidelity. */
export function contains(dimension: Dimension, value: ParamValue): boolean {
  return everyElement(value, dimension.shape, (element) => containsElement(dimension, element));
}

/** The value of a parameter; a leading `/` of either name makes no difference. */
export function getParam(params: Params, name: string): ParamValue | undefined {
  if (Object.hasOwn(params, name)) return params[name];
  const names = [bareName(name), `/${bareName(name)}`];
  const found = names.find((candidate) => Object.hasOwn(params, candidate));
  return found === undefined ? undefined : params[found];
}

/**
 * Read the value of a dimension from a word of the command line: `-1.5`, `1e-3`, `adam`, `[0.25, 0.5]`.
 *
 * A category is found by its text, with or without quotes. Whether a number lies inside the bounds, and a list has the
 * right length, is for `checkParams` to say.
 *
 * @throws {UsageError} for a text that is no number, or no category.
 */
export function parseValue(dimension: Dimension, text: string): ParamValue {
  const depth = dimension.shape.length;
  if (dimension.type === "categorical" && depth === 0) {
    const category = findCategoryByText(dimension, text);
    if (category === undefined) throw refuseValue(dimension, text);
    return category.value;
  }
  const literal = tryParseLiteral(text);
  if (literal === undefined) throw refuseValue(dimension, text);
  const value = mapElements(literalValue(literal), depth, (element) => canonicalElement(dimension, element));
  const isRead = listElements(value, depth).every((element) => isElement(dimension, element));
  if (!isRead) throw refuseValue(dimension, text);
  return value;
}

/**
 * A value as the program receives it: a real `1.0`, an integer `1`, a category as Python's `str` writes it, a list as
 * one word `[0.25, 1.0]`.
 */
export function formatValue(dimension: Dimension, value: ParamValue): string {
  if (dimension.type !== "categorical") return pythonStr(value, dimension.type === "real" ? "float" : "integral");
  if (dimension.shape.length === 0) return findCategory(dimension, value)?.text ?? pythonStr(value);
  return categoryRepr(dimension, value);
}

/** A value of a categorical dimension as `repr` writes it: strings in quotes, so that no two categories look alike. */
export function categoryRepr(dimension: CategoricalDimension, value: ParamValue): string {
  return formatCategories(dimension, value, dimension.shape.length);
}

function completeValue(dimension: Dimension, given: ParamValue | undefined): ParamValue {
  const value = given === undefined ? defaultOf(dimension) : given;
  if (value === undefined) {
    const remedy = `Give "${dimension.name}" a value, or its prior a default_value.`;
    throw new UsageError(`Dimension "${dimension.name}" has no value and no default.`, remedy);
  }
  if (contains(dimension, value)) return value;
  throw refuseValue(dimension, pythonRepr(value)); // a text in quotes: "3" is no number
}

function containsElement(dimension: Dimension, element: ParamValue): boolean {
  if (!isElement(dimension, element)) return false;
  if (dimension.type === "categorical") return true;
  return (element as number) >= dimension.low && (element as number) <= dimension.high;
}

/** Whether an element is of the dimension's kind; bounds do not matter. */
function isElement(dimension: Dimension, element: ParamValue): boolean {
  if (dimension.type === "categorical") return findCategory(dimension, element) !== undefined;
  return dimension.type === "integer" ? Number.isInteger(element) : Number.isFinite(element);
}

/** Integers have no −0, and a category is the one of the dimension. */
function canonicalElement(dimension: Dimension, element: ParamValue): ParamValue {
  if (dimension.type === "categorical") return findCategory(dimension, element)?.value ?? element;
  return typeof element === "number" && dimension.type !== "real" ? element + 0 : element;
}

function findCategory({ categories }: CategoricalDimension, value: ParamValue): Category | undefined {
  return categories.find((category) => sameValue(category.value, value));
}

/** By `repr` first, so that `3` means the number where there is a category `'3'` too. */
function findCategoryByText(dimension: CategoricalDimension, text: string): Category | undefined {
  const literal = tryParseLiteral(text);
  return (
    dimension.categories.find((category) => category.repr === text) ??
    dimension.categories.find((category) => category.text === text) ??
    (literal && findCategory(dimension, literalValue(literal)))
  );
}

function formatCategories(dimension: CategoricalDimension, value: ParamValue, depth: number): string {
  if (depth === 0 || !isList(value)) return findCategory(dimension, value)?.repr ?? pythonRepr(value);
  return `[${value.map((item) => formatCategories(dimension, item, depth - 1)).join(", ")}]`;
}

function tryParseLiteral(text: string): Literal | undefined {
  try {
    return parseLiteral({ subject: `Value "${text}"`, text });
  } catch (error) {
    if (error instanceof SpaceSyntaxError) return undefined;
    throw error;
  }
}

function refuseValue(dimension: Dimension, text: string): UsageError {
  const lists = dimension.shape.length === 0 ? "" : `, in a list of shape (${dimension.shape.join(", ")})`;
  return new UsageError(
    `Value ${text} is outside of dimension "${dimension.name}".`,
    `It takes ${describeElements(dimension)}${lists}.`,
  );
}

function describeElements(dimension: Dimension): string {
  if (dimension.type === "categorical") return `one of ${dimension.categories.map(({ repr }) => repr).join(", ")}`;
  const kind = dimension.type === "integer" ? "integers" : "numbers";
  return `${kind} from ${numberText(dimension.low)} to ${numberText(dimension.high)}`;
}
