/** Names to any JSON values: what a section of a configuration file is before its keys are known. */
export type Mapping = Readonly<Record<string, unknown>>;

/** True for objects that are no lists. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key without a value is as if it were absent. */
export function withoutNulls(given: Mapping): Mapping {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/**
 * `higher` over `lower`, key by key and recursively. A null in `higher` never overrides. Where `higher` names a `type`
 * that `lower` does not have it replaces `lower` as a whole: the keys of one kind of thing mean nothing to another.
 */
export function mergeMappings(lower: Mapping, higher: Mapping): Mapping {
  if ("type" in higher && higher.type !== lower.type) return higher;
  const overrides = Object.entries(higher)
    .filter(([key, value]) => value !== null || !Object.hasOwn(lower, key))
    .map(([key, value]) => {
      const below = lower[key];
      return [key, isMapping(value) && isMapping(below) ? mergeMappings(below, value) : value];
    });
  return { ...lower, ...Object.fromEntries(overrides) };
}
