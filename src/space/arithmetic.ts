/** A number of the search-space language: Python's results depend on whether it is an int. */
export interface PythonNumber {
  readonly kind: "int" | "float";
  readonly value: number;
}

/**
 * `left operator right` as Python computes it, for `+ - * / // % **`.
 *
 * @returns `undefined` when the result is no finite real number: division by zero, overflow, a complex root.
 */
export function combine(operator: string, left: PythonNumber, right: PythonNumber): PythonNumber | undefined {
  const value = operations[operator]?.(left.value, right.value);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  // there is no int −0
  return isInt(operator, left, right) ? { kind: "int", value: value + 0 } : { kind: "float", value };
}

const operations: Readonly<Record<string, (x: number, y: number) => number>> = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / y,
  "//": (x, y) => Math.round((x - modulo(x, y)) / y),
  "%": modulo,
  "**": power,
};

function isInt(operator: string, left: PythonNumber, right: PythonNumber): boolean {
  if (left.kind === "float" || right.kind === "float" || operator === "/") return false;
  return operator !== "**" || right.value >= 0;
}

/** Takes the sign of the divisor, unlike JavaScript's. */
function modulo(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

/** Of whole numbers to the nearest double, as in Python. V8's own operator makes 9.999999999999999e-06 of 10 ** -5. */
function power(x: number, y: number): number {
  const rough = x ** y;
  const isWhole = Number.isInteger(x) && Number.isInteger(y);
  if (!isWhole || !Number.isFinite(rough) || Math.abs(rough) < tiny) return rough;
  const whole = BigInt(x) ** BigInt(Math.abs(y));
  return y < 0 ? reciprocal(whole) : Number(whole);
}

/** Below, 1 over the power is beyond the largest double. */
const tiny = 1e-300;

function reciprocal(whole: bigint): number {
  if (whole < 0n) return -reciprocal(-whole);
  const length = whole.toString(2).length;
  // 64 bits of the quotient, and a last one for all that follow
  const quotient = (1n << BigInt(length + 64)) / whole;
  return Number(quotient * 2n + 1n) / 2 ** 66 / 2 ** (length - 1);
}

/** Constants and functions of `np`, `numpy` and `math` that may stand in a prior. */
export const constants: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  tau: 2 * Math.PI,
  euler_gamma: 0.5772156649015329,
  inf: Infinity,
  nan: NaN,
};

export const functions: Readonly<Record<string, (...numbers: number[]) => number>> = {
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  power,
  pow: power,
  square: (x) => x * x,
  abs: Math.abs,
  fabs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  arctan: Math.atan,
  radians: (x) => (x * Math.PI) / 180,
  degrees: (x) => (x * 180) / Math.PI,
};
