import type { Params } from "../space/dimension.js";
import type { FiniteSequence } from "./collisions.js";

/** What finished trials have used up; belongs to a fold over them, and so begins anew with a history that was rewritten. */
export interface UsedUp {
  readonly ids: Set<string>;
  /** How many points at the beginning of a list are known to be among them. */
  prefix: number;
}

export function nothingUsed(): UsedUp {
  return { ids: new Set(), prefix: 0 };
}

/** The points of a list without its beginning, as far as that is used up: no search for a free one need look at it again. */
export function restOf(
  used: UsedUp,
  { size, pointAt }: FiniteSequence,
  idOf: (params: Params) => string,
): FiniteSequence & { readonly offset: number } {
  while (used.prefix < size && used.ids.has(idOf(pointAt(used.prefix)))) used.prefix++;
  const offset = used.prefix;
  return { offset, size: size - offset, pointAt: (index) => pointAt(offset + index) };
}
