import { nearestName } from "../nearest-name.js";
import { elementCount } from "./elements.js";
import { isNumber, isSequence, type Literal, literalRepr } from "./literal.js";
import type { Call } from "./parse-call.js";
import { quoteSpan, syntaxError } from "./syntax-error.js";

/**
 * Refuse keywords that the prior does not have.
 *
 * @throws {SpaceSyntaxError} with what to write in their place.
 */
export function checkKeywords(call: Call, known: readonly string[]): void {
  for (const [name, { nameSpan }] of call.keywords) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const guess = nearest === undefined ? "" : `Did you mean ${nearest}? `;
    const list = known.length === 0 ? "It takes none" : `It takes ${known.join(", ")}`;
    throw syntaxError(call.source, {
      problem: `${call.name} has no argument "${name}".`,
      at: nameSpan,
      remedy: Object.hasOwn(refusals, name) ? refusals[name]! : `${guess}${list}.`,
    });
  }
}

/** How a prior in steps is written, which the language has no word for. */
export const steps =
  "uniform(0, 10, discrete=True) and multiply by the step in your program, or list the values in choices([…])";

const seedRemedy = "Set the seed of the experiment or of its algorithm; a dimension has none.";
const refusals: Readonly<Record<string, string>> = {
  seed: seedRemedy,
  random_state: seedRemedy,
  log: "Use loguniform(1e-5, 1), which is even in the logarithm.",
  step: `Use ${steps}.`,
  q: `Use ${steps}.`,
  size: "Write shape=… for a value that is a list.",
  loc: "Write the two arguments without names: uniform(low, high), normal(mean, deviation).",
  scale: "Write the two arguments without names: uniform(low, high), normal(mean, deviation).",
};

/**
 * A number that must not be NaN.
 *
 * @returns Never −0, which no bound needs and no text form shows.
 * @throws {SpaceSyntaxError} for anything else.
 */
export function readNumber(call: Call, literal: Literal): number {
  if (isNumber(literal) && !Number.isNaN(literal.value)) return literal.value + 0;
  const problem = `${quoteSpan(call.source, literal)} is not a number.`;
  throw syntaxError(call.source, { problem, at: literal, remedy: "Write a number there, such as 0.5 or 1e-5." });
}

/** A whole number of at least 1. @throws {SpaceSyntaxError} naming what it is: `the base`. */
export function readCount(call: Call, literal: Literal, what: string): number {
  if (isNumber(literal) && Number.isSafeInteger(literal.value) && literal.value >= 1) return literal.value;
  const problem = `${what} ${quoteSpan(call.source, literal)} is not a positive integer.`;
  throw syntaxError(call.source, { problem, at: literal, remedy: "Write a whole number, at least 1." });
}

/** `shape=3` or `shape=(2, 3)`; empty for a scalar. @throws {SpaceSyntaxError} also beyond `mostElements`. */
export function readShape(call: Call): readonly number[] {
  const literal = call.keywords.get("shape")?.value;
  if (literal === undefined || literal.kind === "none") return [];
  const lengths = isSequence(literal) ? literal.items : [literal];
  const shape = lengths.map((length) => readCount(call, length, "the shape"));
  if (elementCount(shape) <= mostElements) return shape;
  throw syntaxError(call.source, {
    problem: `the shape ${quoteSpan(call.source, literal)} has more than ${mostElements} elements.`,
    at: literal,
    remedy: "Search for a few numbers that your program makes the others of.",
  });
}

/** Every trial is stored with all of its elements: with so many it takes a megabyte. */
const mostElements = 100_000;

/**
 * `default_value=…`: one value, or nested lists of the dimension's shape.
 *
 * @param readElement - Gives the value of one element, or throws where it does not belong to the dimension.
 * @throws {SpaceSyntaxError} when the nesting is not that of the shape.
 */
export function readDefault<Element>(
  call: Call,
  shape: readonly number[],
  readElement: (literal: Literal) => Element,
): Nested<Element> | undefined {
  const literal = call.keywords.get("default_value")?.value;
  return literal === undefined ? undefined : readNested(call, { literal, shape, readElement });
}

type Nested<Element> = Element | readonly Nested<Element>[];

interface NestedRequest<Element> {
  readonly literal: Literal;
  readonly shape: readonly number[];
  readonly readElement: (literal: Literal) => Element;
}

function readNested<Element>(call: Call, { literal, shape, readElement }: NestedRequest<Element>): Nested<Element> {
  const [length, ...rest] = shape;
  if (length === undefined) return readElement(literal);
  if (isSequence(literal) && literal.items.length === length) {
    return literal.items.map((item) => readNested(call, { literal: item, shape: rest, readElement }));
  }
  const problem = `the default ${quoteSpan(call.source, literal)} does not have the shape of the dimension.`;
  throw syntaxError(call.source, { problem, at: literal, remedy: `Write a list of ${length} values there.` });
}

/** `True` or `False`; false where it is not given. @throws {SpaceSyntaxError} */
export function readFlag(call: Call, name: string): boolean {
  const literal = call.keywords.get(name)?.value;
  if (literal === undefined) return false;
  if (literal.kind === "bool") return literal.value;
  const problem = `${name}=${literalRepr(literal)} is neither True nor False.`;
  throw syntaxError(call.source, { problem, at: literal, remedy: `Write ${name}=True, or leave it out.` });
}
