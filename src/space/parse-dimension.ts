import { nearestName } from "../nearest-name.js";
import { steps } from "./arguments.js";
import { buildChoices } from "./build-choices.js";
import { buildFidelity } from "./build-fidelity.js";
import { buildNumeric } from "./build-numeric.js";
import type { Dimension } from "./dimension.js";
import { type Call, examples, parseCall } from "./parse-call.js";
import { syntaxError } from "./syntax-error.js";

/**
 * Read a prior such as `loguniform(1e-5, 1, default_value=0.01)`: the language of the search space.
 *
 * The text is parsed, never evaluated: literals of Python, arithmetic on numbers, and a few names of numpy. Markers of
 * another version (`+`, `-`, `>`) are not part of it, see `markers.ts`.
 *
 * @param name - Of the dimension, for the result and for messages; kept as it is.
 * @throws {SpaceSyntaxError} with the place and a remedy, for anything that is no valid prior.
 */
export function parseDimension(name: string, text: string): Dimension {
  const call = parseCall({ subject: `Dimension "${name}"`, text });
  const canonical = aliases[call.name] ?? call.name;
  if (!Object.hasOwn(builders, canonical)) throw unknownPrior(call);
  return builders[canonical]!(name, { ...call, name: canonical });
}

const builders: Readonly<Record<string, (name: string, call: Call) => Dimension>> = {
  uniform: buildNumeric,
  loguniform: buildNumeric,
  normal: buildNumeric,
  choices: buildChoices,
  fidelity: buildFidelity,
};

const aliases: Readonly<Record<string, string>> = { reciprocal: "loguniform", gaussian: "normal", norm: "normal" };

/** All names that a prior can begin with. */
export const priorNames: readonly string[] = [...Object.keys(builders), ...Object.keys(aliases)];

/** Distributions of scipy, numpy and others that users may know, and what comes closest to them. */
const substitutes: Readonly<Record<string, string>> = {
  randint: "uniform(1, 6, discrete=True), with both ends included",
  integers: "uniform(1, 6, discrete=True), with both ends included",
  int: "uniform(1, 6, discrete=True), with both ends included",
  uniformint: "uniform(1, 6, discrete=True), with both ends included",
  quniform: steps,
  qrandint: steps,
  lograndint: "loguniform(1, 100, discrete=True), with both ends included",
  lognorm: "loguniform(1e-5, 1)",
  lognormal: "loguniform(1e-5, 1)",
  truncnorm: "normal(0, 1, low=-2, high=2)",
  choice: "choices(['a', 'b'])",
  categorical: "choices(['a', 'b'])",
};

function unknownPrior({ source, name, nameSpan }: Call): Error {
  const names = Object.keys(builders);
  const substitute = Object.hasOwn(substitutes, name) ? substitutes[name] : undefined;
  const nearest = nearestName(name, [...names, ...Object.keys(aliases)]);
  const hint =
    substitute !== undefined ? `Use ${substitute}. ` : nearest !== undefined ? `Did you mean ${nearest}? ` : "";
  return syntaxError(source, {
    problem: `there is no prior "${name}".`,
    at: nameSpan,
    remedy: `${hint}Priors are ${names.join(", ")}, such as ${examples[nearest ?? ""] ?? examples.uniform}.`,
  });
}
