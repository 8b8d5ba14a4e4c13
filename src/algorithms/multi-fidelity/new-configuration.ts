import type { Params, Space } from "../../space/dimension.js";
import type { Trial } from "../../trial/trial.js";
import { paramsHash } from "../../trial/trial-id.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { randomOrder } from "../random-order.js";
import { remember } from "../remember.js";
import { samplePrior } from "../sample-prior.js";
import { nothingUsed, restOf } from "../used-up.js";
import { fidelityOf } from "./fidelity.js";

type Inputs = Pick<SuggestContext, "space" | "seed" | "history" | "pending" | "rng" | "cache">;

/** Points that are looked at before a space that cannot be listed counts as used up. */
const maxSamples = 1000;

/**
 * The first proposal that no trial has at any fidelity, else another such configuration; `undefined` when every
 * configuration was tried. The fidelity in it is the highest.
 *
 * @param proposals - Best first; must end. Default: samples of the prior.
 * @param resource - When given, only trials of this fidelity count.
 */
export function newConfiguration(
  context: Inputs,
  proposals: Iterable<Params> = [],
  resource?: number,
): Params | undefined {
  const { space, rng } = context;
  const { used, isUsed } = usedBefore(context, resource);
  for (const params of proposals) if (!isUsed(params)) return params;
  const order = randomOrder(context);
  if (order !== undefined) {
    const rest = restOf(used, order, (params) => paramsHash(space, params));
    for (let index = 0; index < rest.size; index++) {
      const params = rest.pointAt(index);
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

/** The hashes of configurations that finished trials have, and whether one is used, by trials under way too. */
function usedBefore(context: Inputs, resource: number | undefined) {
  const { space, pending } = context;
  const counts = isAt(space, resource);
  const hashOf = configurationHashes(context);
  const used = foldHistory(context, {
    name: resource === undefined ? "configurations" : `configurations at ${resource}`,
    make: nothingUsed,
    add: ({ ids }, trial) => {
      if (counts(trial)) ids.add(hashOf(trial));
    },
  });
  const underWay = new Set(pending.filter(counts).map(hashOf));
  const isUsed = (params: Params) => {
    const hash = paramsHash(space, params);
    return used.ids.has(hash) || underWay.has(hash);
  };
  return { used, isUsed };
}

/** The `paramsHash` of a trial's configuration, computed once: those under way are looked at for each suggestion. */
export function configurationHashes({ space, cache }: Pick<Inputs, "space" | "cache">): (trial: Trial) => string {
  const known = remember(cache, { name: "configuration hashes", make: () => new WeakMap<Trial, string>() });
  return (trial) => {
    const before = known.get(trial);
    if (before !== undefined) return before;
    const hash = paramsHash(space, trial.params);
    known.set(trial, hash);
    return hash;
  };
}

function isAt(space: Space, resource: number | undefined): (trial: { readonly params: Params }) => boolean {
  if (resource === undefined) return () => true;
  const { name } = fidelityOf(space);
  return ({ params }) => params[name] === resource;
}
