/**
 * The value called `name` in a cache, made when it is not there.
 *
 * @param name - Says what the value was made of, where that can change within one experiment: `grid of 100`.
 * @param make - A pure function of the other inputs of a suggestion, so that every worker makes the same.
 */
export function remember<Value>(
  cache: Map<string, unknown>,
  { name, make }: { readonly name: string; readonly make: () => Value },
): Value {
  if (!cache.has(name)) cache.set(name, make());
  return cache.get(name) as Value;
}
