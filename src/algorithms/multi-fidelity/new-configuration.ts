import type { Params } from "../../space/dimension.js";
import { paramsHash } from "../../trial/trial-id.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { randomOrder } from "../random-order.js";
import { samplePrior } from "../sample-prior.js";

type Inputs = Pick<SuggestContext, "space" | "seed" | "history" | "pending" | "rng" | "cache">;

/** Points that are looked at before a space that cannot be listed counts as used up. */
const maxSamples = 1000;

/**
 * The first proposal that no trial has at any fidelity, else another such configuration; `undefined` when every
 * configuration was tried. The fidelity in it is the highest.
 *
 * @param proposals - Best first; must end. Default: samples of the prior.
 */
export function newConfiguration(context: Inputs, proposals: Iterable<Params> = []): Params | undefined {
  const { space, rng } = context;
  const isUsed = usedBefore(context);
  for (const params of proposals) if (!isUsed(params)) return params;
  const order = randomOrder(context);
  if (order !== undefined) {
    for (let index = 0; index < order.size; index++) {
      const params = order.pointAt(index);
      if (!isUsed(params)) return params;
    }
    return undefined;
  }
  for (let sample = 0; sample < maxSamples; sample++) {
    const params = samplePrior(space, rng);
    if (!isUsed(params)) return params;
  }
  return undefined;
}

function usedBefore({ space, history, pending, cache }: Inputs): (params: Params) => boolean {
  const known = foldHistory(
    { history, cache },
    {
      name: "configurations",
      make: () => new Set<string>(),
      add: (set, trial) => set.add(paramsHash(space, trial.params)),
    },
  );
  const underWay = new Set(pending.map(({ params }) => paramsHash(space, params)));
  return (params) => {
    const hash = paramsHash(space, params);
    return known.has(hash) || underWay.has(hash);
  };
}
