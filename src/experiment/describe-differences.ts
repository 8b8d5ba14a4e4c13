import { bareName } from "../space/parse-space.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { ExperimentRequest } from "./experiment-request.js";

/** Clauses on what makes the request another experiment than the stored one; empty when it is the same. */
export function describeDifferences(
  request: Pick<ExperimentRequest, "space" | "direction" | "compareCommand">,
  stored: ExperimentRecord,
): string[] {
  const { definition } = stored;
  const differences: string[] = [];
  if (request.space !== undefined) differences.push(...compareSpaces(definition.space, request.space));
  if (request.direction !== undefined && request.direction !== definition.direction) {
    differences.push(`the direction is ${definition.direction}, not ${request.direction}`);
  }
  differences.push(...(request.compareCommand?.(definition.metadata) ?? []));
  // They stand in the middle of a sentence, whoever wrote them.
  return differences.map((text) => text.replace(/\.$/, ""));
}

type Priors = Readonly<Record<string, string>>;

/** Priors that a space has and the stored one has not, by their names in the former. */
export function newPriors(stored: Priors, asked: Priors): Priors {
  const before = byBareName(stored);
  return Object.fromEntries(Object.entries(asked).filter(([name, text]) => before.get(bareName(name)) !== text));
}

/** A leading "/" is ignored, so the command line and the library can use the same experiment. */
function byBareName(space: Priors): ReadonlyMap<string, string> {
  return new Map(Object.entries(space).map(([name, text]) => [bareName(name), text]));
}

function compareSpaces(stored: Priors, asked: Priors): string[] {
  const before = byBareName(stored);
  const after = byBareName(asked);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    if (old === undefined) return [`dimension "${name}" is new (${now})`];
    if (now === undefined) return [`dimension "${name}" is missing (${old})`];
    return [`dimension "${name}" is ${old}, not ${now}`];
  });
}
