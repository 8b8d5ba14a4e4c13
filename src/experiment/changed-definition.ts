import { isDeepStrictEqual } from "node:util";
import { seedText } from "../algorithms/seed.js";
import { bareName } from "../space/parse-space.js";
import type { AlgorithmChoice, Definition, ExperimentRecord } from "../storage/storage.js";
import { limitsAfter } from "./asked-limits.js";
import type { ExperimentRequest } from "./experiment-request.js";

/** What is asked of a stored experiment. */
interface Asked {
  readonly request: ExperimentRequest;
  /** From what is stored, see `describeDifferences`; forced upon it where there are any. */
  readonly differences: readonly string[];
}

/**
 * The definition with which a stored experiment goes on; equal to the stored one if nothing changes.
 *
 * Another algorithm is no other experiment: the history is the only state, so any algorithm can go on from it. Nor is
 * another rule that stops trials, another limit of the search, or another objective pattern.
 */
export function changedDefinition(definition: Definition, { request, differences }: Asked): Definition {
  const base = differences.length === 0 ? definition : forcedDefinition(definition, { request, differences });
  return withChoices(base, request);
}

/** With the space, the direction and the command that are asked for; that they changed is written down. */
function forcedDefinition(definition: Definition, { request, differences }: Asked): Definition {
  const { direction = definition.direction, metadata } = request;
  const space = request.space === undefined ? definition.space : spelledAs(definition.space, request.space);
  const { datetime, userArgs, userScript, directory, command, priors, vcs } = metadata;
  const typed = Object.entries({ userArgs, userScript, directory, command, priors, vcs });
  const given = request.space === undefined ? [] : typed.filter(([, value]) => value !== undefined);
  const forced = [...(definition.metadata.forced ?? []), { datetime, changes: differences }];
  return {
    ...definition,
    space,
    direction,
    metadata: { ...definition.metadata, ...Object.fromEntries(given), forced },
  };
}

/** A space with names as those of the stored one, of which the ids of trials are made: all with a "/", or all without. */
function spelledAs(stored: Definition["space"], asked: Definition["space"]): Definition["space"] {
  const slash = Object.keys(stored).some((name) => name.startsWith("/")) ? "/" : "";
  return Object.fromEntries(Object.entries(asked).map(([name, text]) => [`${slash}${bareName(name)}`, text]));
}

/** With what may be chosen anew at any time. */
function withChoices(definition: Definition, request: ExperimentRequest): Definition {
  const { stopping: ruleBefore, limits: limitsBefore, ...rest } = definition;
  const { algorithm = definition.algorithm } = request;
  const seed = isDeepStrictEqual(algorithm, definition.algorithm) ? undefined : seedText(algorithm.options.seed);
  const stopping = request.stopping === undefined ? ruleBefore : (request.stopping ?? undefined);
  const limits = limitsAfter(limitsBefore, request.limits);
  const { objectivePattern: patternBefore = "" } = definition.metadata;
  const { objectivePattern = patternBefore } = request;
  return {
    ...rest,
    algorithm,
    seed: seed ?? definition.seed,
    ...(stopping === undefined ? {} : { stopping }),
    ...(limits === undefined ? {} : { limits }),
    metadata: { ...definition.metadata, ...(objectivePattern === patternBefore ? {} : { objectivePattern }) },
  };
}

/** Sentences on the choices that the user may not have meant to change. */
export function describeChoices({ name, definition: before }: ExperimentRecord, after: Definition): string[] {
  const notes: string[] = [];
  const patterns = [before, after].map(({ metadata: { objectivePattern } }) => objectivePattern ?? "");
  if (patterns[0] !== patterns[1]) {
    const [from, to] = patterns.map((pattern) => (pattern === "" ? "none" : `"${pattern}"`));
    notes.push(`The objective pattern of "${name}" changes from ${from} to ${to}; what was read before stays.`);
  }
  if (!isDeepStrictEqual(before.algorithm, after.algorithm)) {
    const [from, to] = [before, after].map(({ algorithm }) => showAlgorithm(algorithm));
    notes.push(`The algorithm of "${name}" changes from ${from} to ${to}; it goes on from the trials so far.`);
  }
  return notes;
}

function showAlgorithm({ name, options }: AlgorithmChoice): string {
  return Object.keys(options).length === 0 ? name : `${name} ${JSON.stringify(options)}`;
}
