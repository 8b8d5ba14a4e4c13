import { ConflictError, UsageError } from "../errors.js";
import { describeDifferences } from "../experiment/describe-differences.js";
import type { Destination, StoredExperiment } from "../storage/records.js";
import type { ExperimentRecord } from "../storage/storage.js";

/** What to do with an experiment whose name and version are there already. */
export const loadPolicies = ["ignore", "overwrite", "bump", "merge"] as const;
export type LoadPolicy = (typeof loadPolicies)[number];

interface Placement {
  readonly incoming: readonly StoredExperiment[];
  readonly existing: readonly ExperimentRecord[];
  readonly policy: LoadPolicy | undefined;
}

/**
 * Where each experiment of a dump goes.
 *
 * @throws {ConflictError} when one is there already and no policy says what to do, or when it cannot be merged since it
 *   is another experiment of the same name.
 */
export function placeExperiments({ incoming, existing, policy }: Placement): (one: StoredExperiment) => Destination {
  const twins = new Map(existing.map((record) => [titleOf(record), record]));
  const conflicts = incoming.filter((one) => twins.has(titleOf(one)));
  if (conflicts.length > 0 && policy === undefined) throw conflictError(conflicts);
  const destinations = new Map<number, Destination>();
  const versions = [...existing, ...incoming].map(({ name, version }) => ({ name, version }));
  for (const one of incoming) {
    const twin = twins.get(titleOf(one));
    const { version } = one;
    const destination: Destination =
      twin === undefined ? { kind: "create", version } : settle[policy!]({ one, twin, versions });
    if (destination.kind === "create") versions.push({ name: one.name, version: destination.version });
    destinations.set(one.experiment, destination);
  }
  return ({ experiment }) => destinations.get(experiment)!;
}

interface Conflict {
  readonly one: StoredExperiment;
  readonly twin: ExperimentRecord;
  /** Every version that is taken, or will be. */
  readonly versions: readonly { readonly name: string; readonly version: number }[];
}

const settle: Readonly<Record<LoadPolicy, (conflict: Conflict) => Destination>> = {
  ignore: ({ twin }) => ({ kind: "skip", experimentId: twin.id }),
  overwrite: ({ one, twin }) => ({ kind: "create", version: one.version, replaces: twin.id }),
  bump: ({ one, versions }) => {
    const taken = versions.filter(({ name }) => name === one.name).map(({ version }) => version);
    return { kind: "create", version: Math.max(...taken) + 1 };
  },
  merge: ({ one, twin }) => {
    requireSameExperiment(one, twin);
    return { kind: "merge", experimentId: twin.id };
  },
};

/** Ids are made from names and values, so trials of another space could not be told apart from each other. */
function requireSameExperiment(one: StoredExperiment, twin: ExperimentRecord): void {
  const { space, direction } = one.definition;
  const differences = describeDifferences({ space, direction }, twin);
  const names = (of: Readonly<Record<string, string>>) => Object.keys(of).sort().join(" ");
  if (differences.length === 0 && names(space) !== names(twin.definition.space)) {
    differences.push('its dimensions are written with "/" on one side only');
  }
  if (differences.length === 0) return;
  throw new ConflictError(
    `${titleOf(one)} cannot be merged, since it is another experiment: ${differences.join("; ")}. Nothing was stored.`,
    "Load it beside the other with -r bump.",
  );
}

function conflictError(conflicts: readonly StoredExperiment[]): ConflictError {
  const names = conflicts.slice(0, 3).map(titleOf).join(", ");
  const more = conflicts.length > 3 ? ` and ${conflicts.length - 3} more` : "";
  return new ConflictError(
    `The database has ${names}${more} already. Nothing was stored.`,
    "Say what to do with them: -r ignore (keep what is there), -r overwrite (replace it), -r bump (load as the next " +
      "version) or -r merge (unite the trials).",
  );
}

const titleOf = ({ name, version }: { readonly name: string; readonly version: number }): string =>
  `${name}-v${version}`;

/** @throws {UsageError} for a word that is no policy. */
export function readPolicy(word: string): LoadPolicy {
  const policy = loadPolicies.find((one) => one === word);
  if (policy !== undefined) return policy;
  throw new UsageError(`There is no policy "${word}".`, `Use one of ${loadPolicies.join(", ")}.`);
}
