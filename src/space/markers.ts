import { SpaceSyntaxError } from "../errors.js";
import type { ParamValue } from "./dimension.js";
import { literalValue } from "./literal.js";
import { parseLiteral } from "./parse-literal.js";

/** What the user says about a dimension that differs from the experiment's last version. */
export type Marker =
  /** `~+PRIOR`: new, or changed on purpose. */
  | { readonly kind: "add" }
  /** `~-` or `~-VALUE`: gone; the program now behaves as if it had always had `defaultValue`. */
  | { readonly kind: "remove"; readonly defaultValue?: ParamValue }
  /** `~>NAME`: now called `to`, as the user wrote it. */
  | { readonly kind: "rename"; readonly to: string };

/**
 * Split what stands behind the `~` of a dimension into its marker and the prior.
 *
 * @returns No marker for a plain prior; an empty `rest` for a dimension that is removed or renamed.
 * @throws {SpaceSyntaxError} for a rename without a name, or a default that is no value.
 */
export function splitMarker(text: string): { marker: Marker | undefined; rest: string } {
  const head = text.trimStart();
  const tail = head.slice(1).trim();
  if (head.startsWith("+")) return { marker: { kind: "add" }, rest: head.slice(1).trimStart() };
  if (head.startsWith(">")) return { marker: { kind: "rename", to: readName(text, tail) }, rest: "" };
  if (!head.startsWith("-")) return { marker: undefined, rest: text };
  return { marker: tail === "" ? { kind: "remove" } : { kind: "remove", defaultValue: readDefault(tail) }, rest: "" };
}

function readName(text: string, name: string): string {
  if (/^[^\s~()]+$/.test(name)) return name;
  const remedy = "Write the new name of the dimension behind the >, such as old~>new.";
  throw new SpaceSyntaxError(`Marker "${text}": "${name}" is not a name.`, text, text.indexOf(">") + 1, remedy);
}

/** A bare word is a string, since quotes rarely survive the shell. */
function readDefault(text: string): ParamValue {
  if (/^[\p{L}_][\w./-]*$/u.test(text) && !words.has(text)) return text;
  return literalValue(parseLiteral({ subject: `Marker "-${text}"`, text }));
}

const words = new Set(["True", "False", "None", "true", "false", "null", "nan", "inf", "np.pi", "np.e"]);
