import { UsageError } from "../errors.js";
import { type TrialStatus, trialStatuses } from "../trial/trial.js";

/** What `orion db set` and `orion db rm` select trials by. */
export type TrialQuery =
  | { readonly kind: "statuses"; readonly statuses: readonly TrialStatus[] }
  | { readonly kind: "id"; readonly id: string };

/**
 * Read a query: `*`, `status=S` or `id=ID`.
 *
 * @throws {UsageError} for another attribute or status.
 */
export function readQuery(text: string): TrialQuery {
  if (text === "*") return { kind: "statuses", statuses: trialStatuses };
  const { attribute, value } = split(text, "query", "Trials are selected by *, status=S or id=ID.");
  if (attribute === "status") return { kind: "statuses", statuses: [readStatus(value)] };
  if (attribute === "id") return { kind: "id", id: value };
  throw new UsageError(`Invalid query attribute "${attribute}".`, "Trials are selected by *, status=S or id=ID.");
}

/**
 * Read an update: `status=S`.
 *
 * @throws {UsageError} for another attribute or status.
 */
export function readUpdate(text: string): TrialStatus {
  const { attribute, value } = split(text, "update", "Only the status of a trial can be set: status=S.");
  if (attribute === "status") return readStatus(value);
  throw new UsageError(`Invalid update attribute "${attribute}".`, "Only the status of a trial can be set: status=S.");
}

/** One status, or all of them for `*`. @throws {UsageError} for any other word. */
export function readStatuses(text: string): readonly TrialStatus[] {
  return text === "*" ? trialStatuses : [readStatus(text)];
}

function readStatus(text: string): TrialStatus {
  const status = trialStatuses.find((known) => known === text);
  if (status !== undefined) return status;
  throw new UsageError(`There is no status "${text}".`, `A trial is ${trialStatuses.join(", ")}.`);
}

function split(text: string, kind: "query" | "update", remedy: string): { attribute: string; value: string } {
  const [, attribute, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (attribute !== undefined && value !== undefined) return { attribute, value };
  throw new UsageError(`The ${kind} "${text}" is not of the form ATTRIBUTE=VALUE.`, remedy);
}
