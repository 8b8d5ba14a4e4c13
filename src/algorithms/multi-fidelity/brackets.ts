import type { Params, Space } from "../../space/dimension.js";
import type { SuggestContext, Suggestion } from "../algorithm.js";
import { remember } from "../remember.js";
import { atFidelity, fidelityOf } from "./fidelity.js";
import { firstOpenRepetition } from "./first-open-repetition.js";
import { hyperbandBrackets, type PlannedBracket } from "./rung-plan.js";
import { type Place, type Rungs, readRungs, takePlace } from "./rungs.js";

interface Source {
  /** A configuration that was not tried, for the bottom of a bracket; `undefined` when there is none left. */
  readonly configure: (place: Place & { readonly resource: number }) => Params | undefined;
}

/**
 * Successive halving in the brackets of Hyperband, where a rung is promoted when it is full: all of its places are
 * completed. A broken trial leaves its place, which the next best one of the rung below gets, or a new configuration at
 * the bottom; and a rung for which nobody is left counts as full. So no bracket waits for a trial that will not come.
 *
 * While a rung fills, other workers go on with the next bracket, then with the next repetition. Each place of a rung is
 * claimed, so two workers never fill the same one, and no trial is promoted twice since its child's id follows from it.
 */
export function suggestInBrackets(
  context: SuggestContext<{ readonly repetitions: number | null }>,
  { configure }: Source,
): Suggestion {
  const { space, cache, options, pending } = context;
  const brackets = remember(cache, { name: "brackets", make: () => hyperbandBrackets(fidelityOf(space)) });
  const rungs = readRungs(context);
  const limit = options.repetitions ?? Number.POSITIVE_INFINITY;
  const waiting: Suggestion = { kind: pending.length > 0 ? "wait" : "done" };
  for (let repetition = firstOpenRepetition(context, brackets); repetition < limit; repetition++) {
    const set: BracketSet = { brackets, rungs, repetition, isUsedUp: false };
    const promotion = findPromotion(space, set);
    if (promotion !== undefined) return promotion;
    const bracket = brackets.findIndex(([bottom], index) => places(set, { bracket: index, rung: 0 }) < bottom!.size);
    if (bracket < 0) continue;
    const { nextPlace } = rungs.at({ repetition, bracket, rung: 0 });
    const { resource } = brackets[bracket]![0]!;
    const place = { repetition, bracket, rung: 0, place: nextPlace };
    const params = configure({ ...place, resource });
    if (params !== undefined) return takePlace(place, atFidelity(space, params, resource));
    return promoteTheRest(space, set) ?? waiting;
  }
  return waiting;
}

interface BracketSet {
  readonly brackets: readonly PlannedBracket[];
  readonly rungs: Rungs;
  readonly repetition: number;
  /** Every configuration of the space was tried: bottoms that are not full stay so. */
  readonly isUsedUp: boolean;
}

type Where = Pick<Place, "bracket" | "rung">;

/** How many places of a rung are taken by trials that are completed or under way. */
function places({ rungs, repetition }: BracketSet, where: Where): number {
  const { completed, pendingCount } = rungs.at({ repetition, ...where });
  return completed.length + pendingCount;
}

/** True when no more trials will be completed in a rung. */
function isFull(set: BracketSet, { bracket, rung }: Where): boolean {
  const { brackets, rungs, repetition, isUsedUp } = set;
  const { completed, pendingCount } = rungs.at({ repetition, bracket, rung });
  if (completed.length >= brackets[bracket]![rung]!.size) return true;
  if (pendingCount > 0) return false;
  if (rung === 0) return isUsedUp && completed.length > 0;
  const below = { bracket, rung: rung - 1 };
  return isFull(set, below) && rungs.nextBest({ repetition, ...below }) === undefined;
}

/** As many as a rung is to hold, given those that are completed below it: fewer where the rung below stayed short. */
function sizeOf({ brackets, rungs, repetition }: BracketSet, { bracket, rung }: Where): number {
  const { size } = brackets[bracket]![rung]!;
  const below = rungs.at({ repetition, bracket, rung: rung - 1 }).completed.length;
  return Math.min(size, Math.ceil((below * size) / brackets[bracket]![rung - 1]!.size));
}

/** From the brackets with the fewest rungs back, and from their tops down. */
function findPromotion(space: Space, set: BracketSet): Suggestion | undefined {
  const { brackets, rungs, repetition } = set;
  for (let bracket = brackets.length - 1; bracket >= 0; bracket--) {
    for (let rung = brackets[bracket]!.length - 1; rung > 0; rung--) {
      const below = { bracket, rung: rung - 1 };
      if (!isFull(set, below) || places(set, { bracket, rung }) >= sizeOf(set, { bracket, rung })) continue;
      const trial = rungs.nextBest({ repetition, ...below });
      if (trial === undefined) continue;
      const place = { repetition, bracket, rung, place: rungs.at({ repetition, bracket, rung }).nextPlace };
      const params = atFidelity(space, trial.params, brackets[bracket]![rung]!.resource);
      return { ...takePlace(place, params), parent: trial.id };
    }
  }
  return undefined;
}

/** In a space that is used up: promotions from rungs that could not fill, in all repetitions that have begun. */
function promoteTheRest(space: Space, set: BracketSet): Suggestion | undefined {
  for (let repetition = 0; repetition <= set.repetition; repetition++) {
    const promotion = findPromotion(space, { ...set, repetition, isUsedUp: true });
    if (promotion !== undefined) return promotion;
  }
  return undefined;
}
