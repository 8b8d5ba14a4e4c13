import type { AlgorithmChoice } from "../../storage/storage.js";
import { CommandLineError } from "../exit-codes.js";

/**
 * `tpe`, or `tpe:seed=7,n_initial_points=10`: values are read as JSON where they are JSON, else as text. Commas inside
 * brackets or braces belong to the value.
 *
 * @throws {CommandLineError} when an option has no `=`.
 */
export function parseAlgorithm(text: string, option = "--algorithm"): AlgorithmChoice {
  const colon = text.indexOf(":");
  if (colon === -1) return { name: text, options: {} };
  const options = splitTopLevel(text.slice(colon + 1)).map((part): [string, unknown] => {
    const equals = part.indexOf("=");
    if (equals > 0) return [part.slice(0, equals).trim(), readValue(part.slice(equals + 1).trim())];
    throw new CommandLineError(
      `In ${option} "${text}", "${part}" is not of the form key=value.`,
      `For example ${option} ${option === "--stopping" ? "median:n_startup_trials=3" : "random:seed=7"}.`,
    );
  });
  return { name: text.slice(0, colon), options: Object.fromEntries(options) };
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if ("[{(".includes(character)) depth++;
    if ("]})".includes(character)) depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part.trim() !== "");
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { True: true, False: false, None: null }[text] ?? text;
  }
}
