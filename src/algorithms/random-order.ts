import { log } from "../math/exp-log.js";
import { keyedRng } from "../math/rng.js";
import { enumerable, pointAt, priorWeight } from "../space/cardinality.js";
import type { Space } from "../space/dimension.js";
import type { SuggestContext } from "./algorithm.js";
import type { FiniteSequence } from "./collisions.js";
import { remember } from "./remember.js";

/** Spaces with more points than this are sampled, not listed: ordering as many takes a tenth of a second or two. */
const maxOrderedPoints = 65_536;

/**
 * All points of a small finite space in the order in which the prior would draw them without replacement, or
 * `undefined` when the space is too large or not finite. Points that the prior never draws are left out.
 */
export function randomOrder({
  space,
  seed,
  cache,
}: Pick<SuggestContext, "space" | "seed" | "cache">): FiniteSequence | undefined {
  if (enumerable(space) > maxOrderedPoints) return undefined;
  const order = remember(cache, { name: "random order", make: () => drawAll(space, seed) });
  return { size: order.length, pointAt: (index) => pointAt(space, order[index]!) };
}

/**
 * Weighted sampling without replacement as a race: point i arrives after a time that is exponential with rate p_i.
 *
 * @see Efraimidis & Spirakis 2006, "Weighted random sampling with a reservoir", https://doi.org/10.1016/j.ipl.2005.11.003
 */
function drawAll(space: Space, seed: string): Uint32Array {
  const rng = keyedRng(seed, "random order");
  const times = Float64Array.from({ length: enumerable(space) }, (_, index) => {
    const weight = priorWeight(space, index);
    const wait = -log(1 - rng.next());
    return weight > 0 ? wait / weight : Number.POSITIVE_INFINITY;
  });
  const drawn = Uint32Array.from(times.keys()).filter((index) => times[index]! < Number.POSITIVE_INFINITY);
  return drawn.sort((a, b) => times[a]! - times[b]! || a - b);
}
