import type { ParamValue } from "./dimension.js";

/** Equality by content. `NaN` equals itself, `-0` equals `0`, and the order of keys does not matter. */
export function sameValue(left: ParamValue, right: ParamValue): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return left === right || (Number.isNaN(left) && Number.isNaN(right));
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  const [leftItems, rightItems] = [left, right] as Readonly<Record<string, ParamValue>>[] as [Items, Items];
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(leftItems[key]!, rightItems[key]!))
  );
}

type Items = Readonly<Record<string, ParamValue>>;
