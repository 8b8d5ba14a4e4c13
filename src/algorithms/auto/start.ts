import type { Params } from "../../space/dimension.js";
import type { SuggestContext } from "../algorithm.js";
import { startingPoint, withDefaults } from "../gp/start.js";
import { randomOrder } from "../random-order.js";
import { samplePrior } from "../sample-prior.js";

/** Before anything is known: the user's defaults, then points that fill the space evenly. */
export function startOf(context: SuggestContext): readonly Params[] {
  return [startingPoint(context)];
}

/** The same where no sequence fills the space, which has more than `maxSobolDimensions`: points drawn from the priors. */
export function drawnStartOf({ space, rng, trialNumber }: SuggestContext): readonly Params[] {
  const params = samplePrior(space, rng);
  return [trialNumber === 1 ? withDefaults(space, params) : params];
}

/** All points of a small finite space: the user's defaults, then the others in random order, by the trial's number. */
export function listOf(context: SuggestContext): readonly Params[] {
  const { size, pointAt } = randomOrder(context)!;
  const params = pointAt((context.trialNumber - 1) % size);
  return [context.trialNumber === 1 ? withDefaults(context.space, params) : params];
}
