import type { Space } from "../space/dimension.js";
import type { Trial } from "../trial/trial.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "./algorithm.js";
import { atFidelity, fidelityOf, requireReduction } from "./multi-fidelity/fidelity.js";
import { newConfiguration } from "./multi-fidelity/new-configuration.js";
import { checkRepetitions } from "./multi-fidelity/repetitions.js";
import { logSpacedResources, powersWithin } from "./multi-fidelity/rung-plan.js";
import { type Place, type Rungs, readRungs } from "./multi-fidelity/rungs.js";
import { checkOptions, countFrom, orNull, wholeNumber } from "./option-rules.js";
import { remember } from "./remember.js";

interface AshaOptions {
  /** Rungs from the lowest to the highest fidelity; `null` for as many as the base allows. */
  readonly num_rungs: number | null;
  /** Bracket b leaves out the b lowest rungs. */
  readonly num_brackets: number;
  /** Trials that reach the top of each bracket before the search is done; `null` for no end. */
  readonly repetitions: number | null;
}

/**
 * A rung promotes the best ⌊n/η⌋ of its n completed trials as soon as there are so many, and waits for nobody: when
 * nothing can be promoted, a new configuration starts at the bottom. Which rung a trial is in is stored with it, and a
 * trial has one child at most, since a promotion is claimed.
 *
 * A trial that breaks is not promoted, and one whose promotion broke is not promoted again: the others go on.
 *
 * When every configuration of a small space was tried, what is left on each rung is halved as by Hyperband, up to the top;
 * and so it is when as many have begun as `repetitions` asks for, and promotions broke, so that too few have come there.
 */
export default defineAlgorithm<AshaOptions>({
  summary: "Asynchronous successive halving: many short trials, the best of them longer, nobody waits.",
  paper: "Li et al. 2020, https://arxiv.org/abs/1810.05934, algorithm 2",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: { num_rungs: null, num_brackets: 1, repetitions: null },
  basis: "history",
  check: (options, space) => {
    requireReduction("asha", space);
    checkOptions("asha", options, rules);
    checkRepetitions("asha", options.repetitions);
    resourcesOf(options, space);
  },
  suggest: (context) => suggestAsha(context, () => newConfiguration(context)),
});

const rules = { num_rungs: orNull(countFrom(1)), num_brackets: wholeNumber(1) };

/**
 * ASHA with any source of new configurations.
 *
 * @param configure - A configuration that was not tried, or `undefined` when there is none.
 */
export function suggestAsha(
  context: SuggestContext<AshaOptions>,
  configure: () => ReturnType<typeof newConfiguration>,
): Suggestion {
  const { options, space, cache, pending } = context;
  const resources = remember(cache, { name: "asha resources", make: () => resourcesOf(options, space) });
  const plan: Plan = { resources, bracketCount: Math.min(options.num_brackets, resources.length) };
  const rungs = readRungs(context);
  const promotion = findPromotion(context, plan, rungs);
  if (promotion !== undefined) return promotion;
  const bracket = chooseBracket(context, plan, rungs);
  const params = bracket === undefined ? undefined : configure();
  if (bracket === undefined || params === undefined) {
    return promoteTheRest(context, plan, rungs) ?? { kind: pending.length > 0 ? "wait" : "done" };
  }
  return {
    kind: "params",
    params: atFidelity(space, params, resources[bracket]!),
    facts: { repetition: 0, bracket, rung: 0 } satisfies Place,
  };
}

interface Plan {
  /** Of all rungs; those of bracket b begin at index b. */
  readonly resources: readonly number[];
  readonly bracketCount: number;
}

function resourcesOf({ num_rungs }: Pick<AshaOptions, "num_rungs">, space: Space): readonly number[] {
  const fidelity = fidelityOf(space);
  const count = num_rungs ?? powersWithin(fidelity.high / fidelity.low, fidelity.base) + 1;
  return logSpacedResources(fidelity, count);
}

/** The best trial that may move up, from the highest rungs down: what is nearest to the end is worth most. */
function findPromotion({ space }: SuggestContext<AshaOptions>, plan: Plan, rungs: Rungs): Suggestion | undefined {
  const { resources, bracketCount } = plan;
  const { base } = fidelityOf(space);
  for (let bracket = bracketCount - 1; bracket >= 0; bracket--) {
    for (let rung = resources.length - bracket - 2; rung >= 0; rung--) {
      const place = { repetition: 0, bracket, rung };
      const trial = rungs.nextBest(place, Math.floor(rungs.at(place).completed.length / base));
      if (trial !== undefined) return promote(space, plan, { trial, bracket, rung });
    }
  }
  return undefined;
}

/** Where no more trials start: from the bottom up, the best ⌈n/η⌉ of each rung in which none is under way any more. */
function promoteTheRest(
  { space, options }: SuggestContext<AshaOptions>,
  plan: Plan,
  rungs: Rungs,
): Suggestion | undefined {
  const { resources, bracketCount } = plan;
  const { base } = fidelityOf(space);
  const wanted = options.repetitions ?? Number.POSITIVE_INFINITY;
  for (let bracket = 0; bracket < bracketCount; bracket++) {
    const top = rungs.at({ repetition: 0, bracket, rung: resources.length - bracket - 1 });
    if (top.completed.length + top.pendingCount >= wanted) continue;
    for (let rung = 0; rung < resources.length - bracket - 1; rung++) {
      const { completed, pendingCount } = rungs.at({ repetition: 0, bracket, rung });
      if (pendingCount > 0) break;
      const above = rungs.at({ repetition: 0, bracket, rung: rung + 1 });
      if (above.completed.length + above.pendingCount >= Math.ceil(completed.length / base)) continue;
      const trial = rungs.nextBest({ repetition: 0, bracket, rung });
      if (trial !== undefined) return promote(space, plan, { trial, bracket, rung });
    }
  }
  return undefined;
}

function promote(
  space: Space,
  { resources }: Plan,
  { trial, bracket, rung }: { readonly trial: Trial } & Pick<Place, "bracket" | "rung">,
): Suggestion {
  return {
    kind: "params",
    params: atFidelity(space, trial.params, resources[bracket + rung + 1]!),
    parent: trial.id,
    claim: `promotion of ${trial.id}`,
    facts: { repetition: 0, bracket, rung: rung + 1 } satisfies Place,
  };
}

/**
 * Bracket b needs η^(K − 1 − b) trials at its bottom for one at its top, and gets new ones in that proportion.
 *
 * @returns `undefined` when all have as many as `repetitions` asks for.
 */
function chooseBracket(
  { options, space, rng }: SuggestContext<AshaOptions>,
  { resources, bracketCount }: Plan,
  rungs: Rungs,
): number | undefined {
  const { base } = fidelityOf(space);
  const repetitions = options.repetitions ?? Number.POSITIVE_INFINITY;
  const weights = Array.from({ length: bracketCount }, (_, bracket) => {
    const nominal = base ** (resources.length - 1 - bracket);
    const { completed, pendingCount } = rungs.at({ repetition: 0, bracket, rung: 0 });
    return completed.length + pendingCount < nominal * repetitions ? nominal : 0;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return undefined;
  let rest = rng.next() * total;
  return weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
}
