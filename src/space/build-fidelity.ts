import { checkKeywords, readNumber } from "./arguments.js";
import type { Dimension } from "./dimension.js";
import type { Literal } from "./literal.js";
import { type Call, examples } from "./parse-call.js";
import { quoteSpan, syntaxError } from "./syntax-error.js";

/**
 * A fidelity dimension from `fidelity(low, high, base=2)`; the three may be given by name too.
 *
 * @throws {SpaceSyntaxError} unless they are integers with 1 ≤ low ≤ high and base ≥ 1.
 */
export function buildFidelity(name: string, call: Call): Dimension {
  checkKeywords(call, parameters);
  const [lowest, highest, reduction] = parameters.map((parameter, index) => findArgument(call, parameter, index));
  const text = quoteSpan(call.source, call.span);
  if (lowest === undefined || highest === undefined || call.positional.length > parameters.length) {
    const problem = `${text} does not have its arguments low, high and, if need be, base.`;
    throw syntaxError(call.source, { problem, at: call.span, remedy: `Write it like ${examples.fidelity}.` });
  }
  const low = readInteger(call, lowest, "lowest fidelity");
  const high = readInteger(call, highest, "highest fidelity");
  const base = reduction === undefined ? 2 : readInteger(call, reduction, "base");
  if (low <= high) return { name, type: "fidelity", low, high, base, shape: [], defaultValue: undefined };
  const problem = `the bounds of ${text} are swapped.`;
  throw syntaxError(call.source, { problem, at: lowest, remedy: `Write fidelity(${high}, ${low}).` });
}

const parameters = ["low", "high", "base"];

function findArgument(call: Call, name: string, index: number): Literal | undefined {
  const positional = call.positional[index];
  const keyword = call.keywords.get(name);
  if (positional !== undefined && keyword !== undefined) {
    const problem = `"${name}" is given twice, once by its place as ${quoteSpan(call.source, positional)}.`;
    throw syntaxError(call.source, { problem, at: keyword.nameSpan, remedy: "Keep one of the two." });
  }
  return positional ?? keyword?.value;
}

function readInteger(call: Call, literal: Literal, what: string): number {
  const value = readNumber(call, literal);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  const text = quoteSpan(call.source, call.span);
  const where = `the ${what} of ${text} is ${quoteSpan(call.source, literal)}`;
  if (Number.isInteger(value) && value >= 1) {
    const problem = `${where}, beyond the exact integers.`;
    throw syntaxError(call.source, {
      problem,
      at: literal,
      remedy: "Stay within 2**53 - 1, or count in larger steps.",
    });
  }
  const problem = `${where}, not an integer of at least 1.`;
  throw syntaxError(call.source, { problem, at: literal, remedy: `Write it like ${examples.fidelity}.` });
}
