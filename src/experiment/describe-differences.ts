import { bareName } from "../space/parse-space.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { ExperimentRequest } from "./define-experiment.js";

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

/** A leading "/" is ignored, so the command line and the library can use the same experiment. */
function compareSpaces(stored: Readonly<Record<string, string>>, asked: Readonly<Record<string, string>>): string[] {
  const bare = (space: Readonly<Record<string, string>>) =>
    new Map(Object.entries(space).map(([name, text]) => [bareName(name), text]));
  const before = bare(stored);
  const after = bare(asked);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    if (old === undefined) return [`dimension "${name}" is new (${now})`];
    if (now === undefined) return [`dimension "${name}" is missing (${old})`];
    return [`dimension "${name}" is ${old}, not ${now}`];
  });
}
