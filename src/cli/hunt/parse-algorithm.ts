import { CommandLineError } from "../../errors.js";
import type { AlgorithmChoice } from "../../storage/storage.js";
import { parseAssignments } from "./parse-assignments.js";

/**
 * `tpe`, or `tpe:seed=7,n_initial_points=10`: values are read as JSON where they are JSON, else as text. Commas inside
 * brackets or braces belong to the value.
 *
 * @throws {CommandLineError} when an option has no `=`.
 */
export function parseAlgorithm(text: string, option = "--algorithm"): AlgorithmChoice {
  const colon = text.indexOf(":");
  if (colon === -1) return { name: text, options: {} };
  const options = parseAssignments(text.slice(colon + 1), (part) => {
    throw new CommandLineError(
      `In ${option} "${text}", "${part}" is not of the form key=value.`,
      `For example ${option} ${option === "--stopping" ? "median:n_startup_trials=3" : "random:seed=7"}.`,
    );
  });
  return { name: text.slice(0, colon), options };
}
