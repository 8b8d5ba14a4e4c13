import type { Dimension, Params, ParamValue, Space } from "../../space/dimension.js";
import { bareName } from "../../space/parse-space.js";
import { pythonStr } from "../../space/python-text.js";
import { formatValue } from "../../space/values.js";

/**
 * One line per parameter, sorted by name, as the program receives its value: `/lr: 0.0021`. A list stands in brackets,
 * an item on each line, two spaces further in per level.
 */
export function showParams(space: Space, params: Params): string[] {
  const dimensions = new Map(space.dimensions.map((dimension) => [bareName(dimension.name), dimension]));
  return Object.entries(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => {
      const [first, ...more] = showValue(dimensions.get(bareName(name)), value);
      return [`${name}: ${first}`, ...more];
    });
}

/** Without a dimension: one that is gone from the space. */
function showValue(dimension: Dimension | undefined, value: ParamValue): string[] {
  const isList = Array.isArray(value) && dimension?.shape.length !== 0;
  if (!isList) return [dimension === undefined ? pythonStr(value) : formatValue(dimension, value)];
  const element = dimension && { ...dimension, shape: dimension.shape.slice(1) };
  const items = (value as readonly ParamValue[]).flatMap((item) => showValue(element, item));
  return ["[", ...items.map((line) => `  ${line}`), "]"];
}
