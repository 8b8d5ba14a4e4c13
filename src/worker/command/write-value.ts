import type { Dimension, ParamValue } from "../../space/dimension.js";
import { splitMarker } from "../../space/markers.js";
import { pythonStr } from "../../space/python-text.js";
import { formatValue } from "../../space/values.js";
import type { ConfigFormat } from "./user-command.js";

/**
 * A value as it stands in a configuration file: in YAML and JSON a number stays a number, a category a string, a shaped
 * value a list; other text gets what the command line would get.
 */
export function writeValue(
  value: ParamValue,
  { dimension, format }: { readonly dimension: Dimension; readonly format: ConfigFormat },
): string {
  if (format === "text") return formatValue(dimension, value);
  if (Array.isArray(value)) {
    return `[${value.map((item: ParamValue) => writeValue(item, { dimension, format })).join(", ")}]`;
  }
  return typeof value === "number" ? writeNumber(formatValue(dimension, value), format) : JSON.stringify(value);
}

/**
 * What replaces a prior that removes its dimension (`-`, `-VALUE`, `>name`): the value that the program now assumes, if
 * one was given. Else nothing: `null`, since the key belongs to the user's file.
 */
export function writeRemoved(prior: string, format: ConfigFormat): string {
  const { marker } = splitMarker(prior);
  const value = marker?.kind === "remove" ? marker.defaultValue : undefined;
  if (format === "text") return value === undefined ? "" : pythonStr(value);
  return typeof value === "number" ? writeNumber(pythonStr(value), format) : JSON.stringify(value ?? null);
}

/** @param text - As Python writes a number: `3`, `3.0`, `1e-05`, `inf`, `nan`. */
function writeNumber(text: string, format: "yaml" | "json"): string {
  const odd: Readonly<Record<string, readonly [yaml: string, json: string]>> = {
    inf: [".inf", "Infinity"],
    "-inf": ["-.inf", "-Infinity"],
    nan: [".nan", "NaN"],
  };
  if (Object.hasOwn(odd, text)) return odd[text]![format === "yaml" ? 0 : 1];
  // YAML 1.1, which PyYAML and others still read, takes a number without a point for a string when it has an exponent.
  return format === "yaml" ? text.replace(/^(-?\d+)e/, "$1.0e") : text;
}
