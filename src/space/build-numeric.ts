import { checkKeywords, readCount, readDefault, readFlag, readNumber, readShape } from "./arguments.js";
import type { Dimension, IntegerDimension, Prior, RealDimension } from "./dimension.js";
import type { Literal } from "./literal.js";
import { type Bounds, naturalBounds } from "./natural-bounds.js";
import type { Call } from "./parse-call.js";
import { numberText } from "./python-text.js";
import { quoteSpan, type Span, syntaxError } from "./syntax-error.js";

/** Significant digits that a value keeps when `precision=` is not given. */
export const defaultPrecision = 4;

/**
 * A real or integer dimension from `uniform(…)`, `loguniform(…)` or `normal(…)`.
 *
 * @param call - With the canonical name of the prior.
 * @throws {SpaceSyntaxError} for arguments that make no interval, or a default outside of it.
 */
export function buildNumeric(name: string, call: Call): Dimension {
  checkKeywords(call, ["discrete", "precision", "shape", "default_value", "low", "high"]);
  const prior = readPrior(call);
  const type = readFlag(call, "discrete") ? "integer" : "real";
  const bounds = readBounds(call, { type, prior });
  const shape = readShape(call);
  const defaultValue = isNone(call, "default_value")
    ? undefined
    : readDefault(call, shape, (literal) => readDefaultNumber(call, literal, { type, ...bounds }));
  return { name, type, prior, ...bounds, shape, defaultValue, precision: readPrecision(call) };
}

function readPrior(call: Call): Prior {
  const [first, second] = readPair(call);
  if (call.name === "normal") return readNormal(call, first, second);
  const [low, high] = [readFinite(call, first), readFinite(call, second)];
  const text = quoteSpan(call.source, call.span);
  if (low > high) {
    const swapped = `${call.name}(${numberText(high)}, ${numberText(low)})`;
    throw refuse(call, first, `the bounds of ${text} are swapped.`, `Write ${swapped}.`);
  }
  if (low === high) {
    throw refuse(
      call,
      first,
      `the bounds of ${text} are equal, which leaves nothing to search.`,
      "Write two different bounds.",
    );
  }
  if (call.name === "uniform") return { name: "uniform", low, high };
  if (low > 0) return { name: "loguniform", low, high };
  const problem = `the lower bound of ${text} is not positive, and only positive numbers have a logarithm.`;
  throw refuse(
    call,
    first,
    problem,
    `Write a bound above 0, such as loguniform(1e-5, ${numberText(Math.max(high, 1))}), or take uniform.`,
  );
}

function readNormal(call: Call, first: Literal, second: Literal): Prior {
  const [mean, deviation] = [readFinite(call, first), readFinite(call, second)];
  if (deviation > 0) return { name: "normal", mean, deviation };
  const problem = `the standard deviation ${quoteSpan(call.source, second)} is not positive.`;
  throw refuse(call, second, problem, "Write normal(mean, deviation) with a deviation above 0.");
}

const parameters: Readonly<Record<string, readonly [string, string]>> = {
  uniform: ["low", "high"],
  loguniform: ["low", "high"],
  normal: ["mean", "deviation"],
};

function readPair(call: Call): readonly [Literal, Literal] {
  const [first, second, third] = call.positional;
  if (first !== undefined && second !== undefined && third === undefined) return [first, second];
  const form = `${call.name}(${parameters[call.name]!.join(", ")})`;
  const count = call.positional.length;
  const problem = `${quoteSpan(call.source, call.span)} has ${count} ${count === 1 ? "argument" : "arguments"} without a name, it takes 2.`;
  const hint = third?.kind === "bool" ? " Further ones need their names: discrete=True." : "";
  throw refuse(call, third ?? call.span, problem, `Write ${form}, and both of them.${hint}`);
}

/** `low=` and `high=` cut the prior; integers that lie outside of them are cut off too. */
function readBounds(call: Call, { type, prior }: NumericKind): Bounds {
  const natural = naturalBounds({ type, prior });
  const [lowest, highest] = [readOptional(call, "low", -Infinity), readOptional(call, "high", Infinity)];
  const low = Math.max(natural.low, type === "integer" ? Math.ceil(lowest) + 0 : lowest);
  const high = Math.min(natural.high, type === "integer" ? Math.floor(highest) + 0 : highest);
  const text = quoteSpan(call.source, call.span);
  const at = (call.keywords.get("low") ?? call.keywords.get("high"))?.nameSpan ?? call.span;
  if (low >= high) {
    const inside = `(${numberText(natural.low)}, ${numberText(natural.high)})`;
    throw refuse(
      call,
      at,
      `low= and high= of ${text} leave nothing to search.`,
      `Write bounds inside ${inside}, low below high.`,
    );
  }
  if (prior.name === "normal" && Math.max(low - prior.mean, prior.mean - high) / prior.deviation > farthest) {
    const problem = `the bounds of ${text} are too many standard deviations away from its mean.`;
    throw refuse(call, at, problem, "Write bounds nearer to the mean, or a larger deviation.");
  }
  const inexact = [low, high].find(
    (bound) => type === "integer" && Math.abs(bound) > 2 ** 53 - 1 && Number.isFinite(bound),
  );
  if (inexact === undefined) return { low, high };
  const problem = `the bound ${numberText(inexact)} of ${text} is beyond the exact integers.`;
  throw refuse(call, call.span, problem, "Stay within ±(2**53 - 1), or leave out discrete=True.");
}

type NumericKind = Pick<RealDimension | IntegerDimension, "type" | "prior">;

/** In standard deviations: beyond, ln Φ loses the interval among its digits. */
const farthest = 1e12;

function readOptional(call: Call, name: string, otherwise: number): number {
  const literal = call.keywords.get(name)?.value;
  return literal === undefined || literal.kind === "none" ? otherwise : readNumber(call, literal);
}

function readFinite(call: Call, literal: Literal): number {
  const number = readNumber(call, literal);
  if (Number.isFinite(number)) return number;
  throw refuse(call, literal, `${quoteSpan(call.source, literal)} is not finite.`, "Write a finite number.");
}

function readPrecision(call: Call): number | undefined {
  const literal = call.keywords.get("precision")?.value;
  if (literal === undefined) return defaultPrecision;
  return literal.kind === "none" ? undefined : readCount(call, literal, "the precision");
}

function readDefaultNumber(
  call: Call,
  literal: Literal,
  { type, low, high }: Bounds & Pick<Dimension, "type">,
): number {
  const value = readNumber(call, literal);
  const text = quoteSpan(call.source, literal);
  if (type === "integer" && !Number.isInteger(value)) {
    throw refuse(call, literal, `the default ${text} is not an integer.`, "Write a whole number.");
  }
  if (value >= low && value <= high && Number.isFinite(value)) return value;
  const interval = `[${numberText(low)}, ${numberText(high)}]`;
  throw refuse(call, literal, `the default ${text} is outside ${interval}.`, `Write a default inside ${interval}.`);
}

function isNone(call: Call, keyword: string): boolean {
  return call.keywords.get(keyword)?.value.kind === "none";
}

function refuse(call: Call, at: Span, problem: string, remedy: string): Error {
  return syntaxError(call.source, { problem, at, remedy });
}
