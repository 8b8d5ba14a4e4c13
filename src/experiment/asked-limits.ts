import type { SearchLimits } from "../storage/storage.js";

/** Limits that are set; `null` lifts one, and one that is absent stays as it is. */
export type AskedLimits = { readonly [Limit in keyof SearchLimits]: SearchLimits[Limit] | null };

/** What a configuration says of limits: the word `none` lifts one, and one that is not set stays as it is. */
export function askedLimits(set: Readonly<Record<string, number | "none" | undefined>>): AskedLimits {
  const asked = Object.entries(set).filter(([, limit]) => limit !== undefined);
  return Object.fromEntries(asked.map(([name, limit]) => [name, limit === "none" ? null : limit]));
}

/** @returns `undefined` where none is left. */
export function limitsAfter(
  before: SearchLimits | undefined,
  asked: AskedLimits | undefined,
): SearchLimits | undefined {
  if (asked === undefined) return before;
  const set = Object.entries({ ...before, ...asked }).filter(([, limit]) => limit !== null && limit !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}
