import { checkKeywords, readDefault, readNumber, readShape } from "./arguments.js";
import type { Category, Dimension, ParamValue } from "./dimension.js";
import { isSequence, type Literal, type LiteralOf, literalRepr, literalStr, literalValue } from "./literal.js";
import type { Call } from "./parse-call.js";
import { pythonFloat } from "./python-text.js";
import { sameValue } from "./same-value.js";
import { quoteSpan, type Span, syntaxError } from "./syntax-error.js";

/**
 * A categorical dimension from `choices([a, b])`, `choices(a, b)` or `choices({a: 0.2, b: 0.8})`.
 *
 * @throws {SpaceSyntaxError} for no categories, equal ones, or probabilities that do not sum to 1.
 */
export function buildChoices(name: string, call: Call): Dimension {
  checkKeywords(call, ["shape", "default_value"]);
  const weights = call.positional.length === 1 && call.positional[0]!.kind === "dict" ? call.positional[0] : undefined;
  const literals = weights?.entries.map(([key]) => key) ?? listedCategories(call.positional);
  if (literals.length === 0) {
    const problem = `${quoteSpan(call.source, call.span)} has no categories.`;
    throw refuse(call, call.span, problem, "List them: choices(['a', 'b']).");
  }
  const categories = readCategories(call, literals);
  const probabilities =
    weights === undefined ? literals.map(() => 1 / literals.length) : readProbabilities(call, weights);
  const shape = readShape(call);
  const defaultValue = isAbsentDefault(call, categories)
    ? undefined
    : readDefault<ParamValue>(call, shape, (literal) => readCategory(call, literal, categories));
  return { name, type: "categorical", categories, probabilities, weighted: weights !== undefined, shape, defaultValue };
}

/** One list or tuple holds the categories; anything else is a category itself. */
function listedCategories(positional: readonly Literal[]): readonly Literal[] {
  const [first, second] = positional;
  return first !== undefined && second === undefined && isSequence(first) ? first.items : positional;
}

function readCategories(call: Call, literals: readonly Literal[]): readonly Category[] {
  const categories: Category[] = [];
  for (const literal of literals) {
    checkIntegers(call, literal);
    const category = { value: literalValue(literal), text: literalStr(literal), repr: literalRepr(literal) };
    const twin = categories.find(({ value }) => sameValue(value, category.value));
    if (twin !== undefined) {
      const twice = twin.repr === category.repr ? "is given twice" : `is the same value as ${twin.repr}`;
      throw refuse(call, literal, `the category ${quoteSpan(call.source, literal)} ${twice}.`, "Keep one of the two.");
    }
    categories.push(category);
  }
  return categories;
}

/** An int that a JavaScript number cannot hold would reach the program with other digits. */
function checkIntegers(call: Call, literal: Literal): void {
  if (isSequence(literal)) for (const item of literal.items) checkIntegers(call, item);
  if (literal.kind === "dict") for (const [, item] of literal.entries) checkIntegers(call, item);
  if (literal.kind !== "int" || Math.abs(literal.value) <= 2 ** 53) return;
  const problem = `the integer ${quoteSpan(call.source, literal)} is beyond 2**53, where digits get lost.`;
  throw refuse(call, literal, problem, "Write it as a string, in quotes.");
}

function readProbabilities(call: Call, weights: LiteralOf<"dict">): readonly number[] {
  const probabilities = weights.entries.map(([, literal]) => {
    const probability = readNumber(call, literal);
    if (probability > 0) return probability;
    const problem = `the probability ${quoteSpan(call.source, literal)} is not positive.`;
    throw refuse(call, literal, problem, "Leave a category out that shall never be chosen.");
  });
  const total = probabilities.reduce((sum, probability) => sum + probability, 0);
  if (Math.abs(total - 1) <= tolerance) return probabilities;
  const shares = probabilities.map((one, index) => `${literalRepr(weights.entries[index]![0])}: ${share(one / total)}`);
  throw refuse(
    call,
    weights,
    `the probabilities of ${quoteSpan(call.source, weights)} sum to ${share(total)}, not to 1.`,
    `Change them, in these proportions {${shares.join(", ")}}, or leave them out for equal ones.`,
  );
}

/** That of numpy.random.choice: √ε of a double. */
const tolerance = 1.5e-8;

function share(value: number): string {
  return pythonFloat(Number(value.toPrecision(10)));
}

/** `None` means "no default", unless it is one of the categories. */
function isAbsentDefault(call: Call, categories: readonly Category[]): boolean {
  const literal = call.keywords.get("default_value")?.value;
  return literal?.kind === "none" && !categories.some(({ value }) => value === null);
}

function readCategory(call: Call, literal: Literal, categories: readonly Category[]): ParamValue {
  const value = literalValue(literal);
  const category = categories.find((candidate) => sameValue(candidate.value, value));
  if (category !== undefined) return category.value;
  const problem = `the default ${quoteSpan(call.source, literal)} is none of the categories.`;
  throw refuse(call, literal, problem, `Take one of ${categories.map(({ repr }) => repr).join(", ")}.`);
}

function refuse(call: Call, at: Span, problem: string, remedy: string): Error {
  return syntaxError(call.source, { problem, at, remedy });
}
