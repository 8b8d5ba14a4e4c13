import { UsageError } from "../errors.js";
import { maxSobolDimensions, scrambledSobol } from "../math/sobol.js";
import type { Params, Space } from "../space/dimension.js";
import { fromUnit, unitSize } from "../space/unit-cube.js";
import { defineAlgorithm, type SuggestContext } from "./algorithm.js";
import { type FiniteSequence, sampleAfterCollisions, suggestFrom } from "./collisions.js";
import { randomOrder } from "./random-order.js";
import { remember } from "./remember.js";

export default defineAlgorithm({
  summary: "Quasi-random search: an Owen-scrambled Sobol sequence, which fills the space more evenly than chance.",
  paper: "Sobol 1967, https://doi.org/10.1016/0041-5553(67)90144-9; Owen 1998, https://doi.org/10.1006/jcom.1998.0487",
  requires: {},
  defaults: {},
  basis: "index",
  check: (_options, space) => refuseTooManyDimensions(space),
  suggest: (context) => {
    const order = sobolOrder(context);
    if (order !== undefined) return suggestFrom(order, context);
    // Rounded to their digits, points of a long sequence meet; what comes instead is no worse than chance.
    return sampleAfterCollisions(context, sobolParams(context)(context.trialNumber - 1));
  },
});

function refuseTooManyDimensions(space: Space): void {
  const size = unitSize(space);
  if (size <= maxSobolDimensions) return;
  throw new UsageError(
    `The space has ${size} dimensions, its lists counted by element, and a Sobol sequence has at most ${maxSobolDimensions}.`,
    "Use `algorithm: random`; in so many dimensions the difference is small.",
  );
}

type Inputs = Pick<SuggestContext, "space" | "seed" | "cache">;

function sobolParams({ space, seed, cache }: Inputs): (index: number) => Params {
  const point = remember(cache, { name: "sobol", make: () => scrambledSobol(unitSize(space), seed) });
  return (index) => fromUnit(space, point(index));
}

/**
 * All points of a small finite space in the order in which the Sobol sequence meets them first, and at the end in
 * random order those that it is slow to meet. `undefined` when the space is too large or not finite.
 */
function sobolOrder(inputs: Inputs): FiniteSequence | undefined {
  const all = randomOrder(inputs);
  if (all === undefined) return undefined;
  const make = () => ({ met: [] as Params[], more: distinctPoints(all, sobolParams(inputs)) });
  const { met, more } = remember(inputs.cache, { name: "sobol order", make });
  const pointAt = (index: number): Params => {
    while (met.length <= index) {
      const next = more.next();
      // Fewer than there are only if two points look alike; then one is tried twice, which does no harm.
      met.push(next.done ? all.pointAt(met.length) : next.value);
    }
    return met[index]!;
  };
  return { size: all.size, pointAt };
}

function* distinctPoints(all: FiniteSequence, sobolAt: (index: number) => Params): Generator<Params, void> {
  const seen = new Set<string>();
  const isNew = (params: Params) => {
    const sizeBefore = seen.size;
    return seen.add(JSON.stringify(params)).size > sizeBefore;
  };
  // Twice the size meets nearly all points of an even prior; an uneven one may hide a point for ever.
  for (let index = 0; index < 2 * all.size; index++) {
    const params = sobolAt(index);
    if (isNew(params)) yield params;
  }
  for (let index = 0; index < all.size; index++) {
    const params = all.pointAt(index);
    if (isNew(params)) yield params;
  }
}
