import type { ParamValue } from "./dimension.js";

/** How the numbers of a value are written: as Python floats, or as ints where they are integral. */
export type NumberStyle = "float" | "integral";

/**
 * A value as Python's `str` writes it: what a program receives on its command line, and what trial ids are made of.
 *
 * A string stands for itself; within lists and dicts it is quoted, as by `repr`.
 */
export function pythonStr(value: ParamValue, numbers: NumberStyle = "integral"): string {
  return typeof value === "string" ? value : pythonRepr(value, numbers);
}

/** A value as Python's `repr` writes it: `'a'`, `True`, `None`, `[0.25, 1.0]`, `{'a': 1}`. */
export function pythonRepr(value: ParamValue, numbers: NumberStyle = "integral"): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") {
    return numbers === "integral" && Number.isInteger(value) ? pythonInt(value) : pythonFloat(value);
  }
  if (isList(value)) return `[${value.map((item) => pythonRepr(item, numbers)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${quote(key)}: ${pythonRepr(item, numbers)}`);
  return `{${entries.join(", ")}}`;
}

/**
 * The shortest text that Python reads back as the same float: `1e-05`, `0.25`, `1.0`, `1e+16`, `-0.0`, `nan`, `inf`.
 *
 * JavaScript finds the same digits, but turns to exponents elsewhere: Python does so below 1e-4 and from 1e16 on.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits, power] = Math.abs(value).toExponential().split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return `${sign}${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  const plain = fixedPoint(digits.replace(".", ""), exponent);
  return `${sign}${plain.includes(".") ? plain : `${plain}.0`}`;
}

/**
 * A number of a prior in canonical form: as Python's float, without `.0` where it is integral and below 1e16.
 *
 * `1`, `0.001`, `1e-05`, `1e+16`, `-inf`.
 */
export function numberText(value: number): string {
  return pythonFloat(value).replace(/\.0$/, "");
}

/** An integral number as a Python int, all digits written out. */
export function pythonInt(value: number): string {
  return BigInt(value).toString();
}

/** `digits` with the decimal point after the digit of 10^exponent. */
function fixedPoint(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Python prefers single quotes, unless they would have to be escaped and double ones would not. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  // control, format, private, unassigned characters, lone surrogates, and any space but the plain one
  const body = text.replace(/[\\'"]|(?! )[\p{C}\p{Z}]/gu, (character) => {
    if (character === "'" || character === '"') return character === mark ? `\\${character}` : character;
    return escapes[character] ?? escapeCode(character.codePointAt(0)!);
  });
  return `${mark}${body}${mark}`;
}

function escapeCode(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function isList(value: ParamValue): value is readonly ParamValue[] {
  return Array.isArray(value);
}
