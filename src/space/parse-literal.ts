import { combine, constants, functions } from "./arithmetic.js";
import { isNumber, type Literal, type LiteralOf } from "./literal.js";
import { quoteSpan, type Source, type Span, syntaxError } from "./syntax-error.js";
import { TokenReader } from "./token-reader.js";
import type { Token } from "./tokens.js";

/**
 * Read one Python literal, or arithmetic on numbers, and nothing else.
 *
 * @throws {SpaceSyntaxError} pointing at what cannot be read.
 */
export function parseLiteral(source: Source): Literal {
  const reader = new TokenReader(source);
  const literal = readLiteral(reader);
  reader.expectEnd();
  return literal;
}

/**
 * Read a literal off the reader and leave it behind the last token of it.
 *
 * Python's precedence: `+ -`, then `* / // %`, then unary minus, then `**` (to the right). Nothing is evaluated but
 * numbers, so no text can do any harm.
 *
 * @throws {SpaceSyntaxError}
 */
export function readLiteral(reader: TokenReader): Literal {
  return readChain(reader, ["+", "-"], () => readChain(reader, ["*", "/", "//", "%"], () => readSigned(reader)));
}

function readChain(reader: TokenReader, operators: readonly string[], readOperand: () => Literal): Literal {
  let left = readOperand();
  for (let token = reader.take(...operators); token !== undefined; token = reader.take(...operators)) {
    left = calculate(reader.source, { operator: token.text, left, right: readOperand() });
  }
  return left;
}

function readSigned(reader: TokenReader): Literal {
  const signs: Token[] = [];
  for (let sign = reader.take("+", "-"); sign !== undefined; sign = reader.take("+", "-")) signs.push(sign);
  return signs.reduceRight((operand, sign) => applySign(reader, sign, operand), readPower(reader));
}

function applySign(reader: TokenReader, sign: Token, operand: Literal): Literal {
  const span = { start: sign.start, end: operand.end };
  if (!isNumber(operand)) throw notNumbers(reader.source, span);
  // 0 − x keeps an int zero from becoming −0
  const negated = operand.kind === "int" ? 0 - operand.value : -operand.value;
  return { kind: operand.kind, value: sign.text === "-" ? negated : operand.value, ...span };
}

function readPower(reader: TokenReader): Literal {
  const base = readAtom(reader);
  if (reader.take("**") === undefined) return base;
  return calculate(reader.source, { operator: "**", left: base, right: reader.nested(() => readSigned(reader)) });
}

function calculate(
  source: Source,
  { operator, left, right }: { operator: string; left: Literal; right: Literal },
): Literal {
  const span = { start: left.start, end: right.end };
  if (!isNumber(left) || !isNumber(right)) throw notNumbers(source, span);
  const result = combine(operator, left, right);
  if (result === undefined) throw notFinite(source, span);
  return { ...result, ...span };
}

function readAtom(reader: TokenReader): Literal {
  const token = reader.next();
  const { kind, start, end } = token;
  if (kind === "int" || kind === "float") return { kind, value: token.value, start, end };
  if (kind === "string") return readStrings(reader, { kind, value: token.value, start, end });
  if (kind === "name") return readName(reader, token);
  if (token.text === "(") return readParenthesis(reader, token);
  if (token.text === "[") {
    const { items, end } = reader.readList(token, () => readLiteral(reader));
    return { kind: "list", items, start, end };
  }
  if (token.text === "{") return readDict(reader, token);
  throw reader.unexpected(token, "Write a value there: a number, a string in quotes, a list or a dict.");
}

/** Strings side by side are one string, as in Python. */
function readStrings(reader: TokenReader, first: LiteralOf<"string">): Literal {
  let { value, end } = first;
  for (let token = reader.peek(); token.kind === "string"; token = reader.peek()) {
    reader.next();
    value += token.value;
    end = token.end;
  }
  return { ...first, value, end };
}

/** A parenthesis around one value is only a parenthesis; a comma makes it a tuple. */
function readParenthesis(reader: TokenReader, open: Token): Literal {
  const { items, endsInComma, end } = reader.readList(open, () => readLiteral(reader));
  const span = { start: open.start, end };
  return items.length === 1 && !endsInComma ? { ...items[0]!, ...span } : { kind: "tuple", items, ...span };
}

function readDict(reader: TokenReader, open: Token): Literal {
  const { items, end } = reader.readList(open, () => {
    const key = readLiteral(reader);
    if (reader.take(":") !== undefined) return [key, readLiteral(reader)] as const;
    const remedy = "Braces are for dicts, {'a': 0.3, 'b': 0.7}; write a list as [1, 2].";
    throw reader.unexpected(reader.peek(), remedy);
  });
  return { kind: "dict", entries: items, start: open.start, end };
}

const words: Readonly<Record<string, { kind: "bool"; value: boolean } | { kind: "none" }>> = {
  True: { kind: "bool", value: true },
  true: { kind: "bool", value: true },
  False: { kind: "bool", value: false },
  false: { kind: "bool", value: false },
  None: { kind: "none" },
  null: { kind: "none" },
};

function readName(reader: TokenReader, name: Token): Literal {
  const { start, end } = name;
  if (Object.hasOwn(words, name.text)) return { ...words[name.text]!, start, end };
  // as Python prints them, so that every printed value can be read again
  if (name.text === "nan" || name.text === "inf") return { kind: "float", value: constants[name.text]!, start, end };
  if (["np", "numpy", "math"].includes(name.text) && reader.take(".") !== undefined) return readNumpy(reader, name);
  throw syntaxError(reader.source, {
    problem: `${reader.quote(name)} is neither a number nor a string in quotes.`,
    at: name,
    remedy: `Write '${name.text}' if it is a string, and put the whole prior in quotes to keep the shell from eating them.`,
  });
}

/** `np.pi`, or `np.exp(-3)`. */
function readNumpy(reader: TokenReader, module: Token): Literal {
  const name = reader.next();
  const nameSpan = { start: module.start, end: name.end };
  if (reader.peek().text !== "(") {
    if (Object.hasOwn(constants, name.text)) return { kind: "float", value: constants[name.text]!, ...nameSpan };
    throw unknownMember(reader, nameSpan);
  }
  const { items, end } = reader.readList(reader.next(), () => readLiteral(reader));
  if (!Object.hasOwn(functions, name.text)) throw unknownMember(reader, nameSpan);
  const span = { start: module.start, end };
  const apply = functions[name.text]!;
  if (!items.every(isNumber) || items.length !== apply.length) throw wrongArguments(reader, span, apply.length);
  const value = apply(...items.map((item) => item.value));
  if (!Number.isFinite(value)) throw notFinite(reader.source, span);
  return { kind: "float", value, ...span };
}

function unknownMember(reader: TokenReader, at: Span): Error {
  const known = [...Object.keys(constants), ...Object.keys(functions)].join(", ");
  const problem = `${reader.quote(at)} is not known.`;
  return syntaxError(reader.source, { problem, at, remedy: `Of numpy there are: ${known}.` });
}

function wrongArguments(reader: TokenReader, at: Span, count: number): Error {
  const remedy = `Give it ${count === 1 ? "one number" : `${count} numbers`}.`;
  return syntaxError(reader.source, { problem: `${reader.quote(at)} has the wrong arguments.`, at, remedy });
}

function notNumbers(source: Source, at: Span): Error {
  const problem = `${quoteSpan(source, at)} is not arithmetic on numbers.`;
  return syntaxError(source, { problem, at, remedy: "Calculate with numbers only, and write all else out." });
}

function notFinite(source: Source, at: Span): Error {
  const problem = `${quoteSpan(source, at)} is not a finite number.`;
  return syntaxError(source, { problem, at, remedy: "Write a number that exists and is not too large." });
}
