import { enumerable, pointAt } from "../space/cardinality.js";
import type { Params } from "../space/dimension.js";
import { trialId } from "../trial/trial-id.js";
import type { SuggestContext, Suggestion } from "./algorithm.js";
import type { FiniteSequence } from "./collisions.js";
import { foldHistory, shareFold } from "./fold-history.js";
import { randomOrder } from "./random-order.js";
import { samplePrior } from "./sample-prior.js";
import { nothingUsed, restOf, type UsedUp } from "./used-up.js";

type Inputs = Pick<SuggestContext, "space" | "seed" | "history" | "pending" | "attempt" | "rng" | "cache">;

/**
 * The first of an algorithm's proposals that no trial has yet; when there is none, another point that nobody tried; and
 * `done` when the space is covered. For algorithms that learn from the history: their finite spaces are covered
 * without repeats.
 *
 * Another worker may fill in the same point meanwhile. Then there is a next attempt, with that trial in `pending` and
 * another `rng`.
 *
 * @param proposals - Best first; a generator computes no more of them than are looked at. Must end.
 */
export function suggestUntried(context: Inputs, proposals: Iterable<Params>): Suggestion {
  const isTried = triedBefore(context);
  for (const params of proposals) if (!isTried(params)) return { kind: "params", params };
  const params = anyUntried(context, isTried);
  return params === undefined ? { kind: "done" } : { kind: "params", params };
}

/** Tells whether a trial of the history, or one under evaluation, has these parameters; costs only what is new. */
export function triedBefore(
  context: Pick<Inputs, "space" | "history" | "pending" | "cache">,
): (params: Params) => boolean {
  const isTaken = takenIds(context);
  return (params) => isTaken(trialId(context.space, params));
}

/** Tells whether a trial of the history, or one under evaluation, has an id. */
export function takenIds({
  history,
  pending,
  cache,
}: Pick<Inputs, "history" | "pending" | "cache">): (id: string) => boolean {
  const { ids: known } = finishedIds({ history, cache });
  const underWay = new Set(pending.map(({ id }) => id));
  return (id) => known.has(id) || underWay.has(id);
}

const foldName = "tried";

function finishedIds(context: Pick<Inputs, "history" | "cache">): UsedUp {
  return foldHistory(context, {
    name: foldName,
    make: nothingUsed,
    add: ({ ids }, trial) => ids.add(trial.id),
  });
}

/** Let a cache for other questions about the same history know what was tried. */
export function shareTried(context: Pick<Inputs, "history" | "cache">, cache: Map<string, unknown>): void {
  finishedIds(context);
  shareFold(foldName, context.cache, cache);
}

/** Points of the prior that are looked at before a space that cannot be listed counts as covered. */
const maxSamples = 1000;

function anyUntried(context: Inputs, isTried: (params: Params) => boolean): Params | undefined {
  const order = randomOrder(context);
  if (order !== undefined) return firstOfList(context, order, isTried);
  const { space, rng, history, pending } = context;
  for (let sample = 0; sample < maxSamples; sample++) {
    const params = samplePrior(space, rng);
    if (!isTried(params)) return params;
  }
  const size = enumerable(space);
  if (!Number.isSafeInteger(size)) return undefined;
  // Of more points in a row than there are trials, one is free.
  const count = Math.min(size, history.length + pending.length + 1);
  const start = rng.below(size);
  return firstOf(count, 0, (index) => pointAt(space, (start + index) % size), isTried);
}

function firstOfList(context: Inputs, order: FiniteSequence, isTried: (params: Params) => boolean): Params | undefined {
  const rest = restOf(finishedIds(context), order, (params) => trialId(context.space, params));
  // The attempt shifts the start: should a trial be hidden from this worker, the next attempt passes it by.
  const start = Math.max((context.attempt % order.size) - rest.offset, 0);
  return firstOf(rest.size, start, rest.pointAt, isTried);
}

function firstOf(
  count: number,
  start: number,
  at: (index: number) => Params,
  isTried: (params: Params) => boolean,
): Params | undefined {
  for (let step = 0; step < count; step++) {
    const params = at((start + step) % count);
    if (!isTried(params)) return params;
  }
  return undefined;
}
