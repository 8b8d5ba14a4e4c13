/** Relative difference of two numbers that count as equal: far more than rounding makes, far less than a new idea. */
const tolerance = 1e-9;

/** Whether two documents are the same, but for rounding of their numbers. */
export function isNear(left: unknown, right: unknown): boolean {
  if (typeof left === "number" && typeof right === "number") {
    return Object.is(left, right) || Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
  }
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return left === right;
  const [a, b] = [left, right] as readonly Readonly<Record<string, unknown>>[];
  const names = Object.keys(a!);
  if (names.length !== Object.keys(b!).length || Array.isArray(left) !== Array.isArray(right)) return false;
  return names.every((name) => Object.hasOwn(b!, name) && isNear(a![name], b![name]));
}
