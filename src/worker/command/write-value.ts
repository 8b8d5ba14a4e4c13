import type { Dimension, ParamValue } from "../../space/dimension.js";
import { isNumber, isSequence, type Literal, literalRepr, literalStr, literalValue } from "../../space/literal.js";
import { splitMarker } from "../../space/markers.js";
import { parseLiteral } from "../../space/parse-literal.js";
import { pythonStr } from "../../space/python-text.js";
import { categoryRepr, formatValue } from "../../space/values.js";
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
  // the text knows 1.0 from 1, wherever in a category it stands; the value does not
  const text = dimension.type === "categorical" ? categoryRepr(dimension, value) : formatValue(dimension, value);
  return writeLiteral(parseLiteral({ subject: `Value of "${dimension.name}"`, text }), format);
}

function writeLiteral(literal: Literal, format: "yaml" | "json"): string {
  if (isNumber(literal)) return writeNumber(literalRepr(literal), format);
  if (isSequence(literal)) return `[${literal.items.map((item) => writeLiteral(item, format)).join(", ")}]`;
  if (literal.kind !== "dict") return JSON.stringify(literalValue(literal));
  const entries = literal.entries.map(
    ([key, item]) => `${JSON.stringify(literalStr(key))}: ${writeLiteral(item, format)}`,
  );
  return `{${entries.join(", ")}}`;
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
