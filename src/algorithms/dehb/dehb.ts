import { UsageError } from "../../errors.js";
import type { Space } from "../../space/dimension.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "../algorithm.js";
import { boundaryFixes, crossovers, mutations } from "../de/mutation.js";
import { atFidelity, fidelityOf, requireReduction } from "../multi-fidelity/fidelity.js";
import { firstOpenRepetition } from "../multi-fidelity/first-open-repetition.js";
import { newConfiguration } from "../multi-fidelity/new-configuration.js";
import { checkRepetitions } from "../multi-fidelity/repetitions.js";
import { hyperbandBrackets } from "../multi-fidelity/rung-plan.js";
import { type Rungs, readRungs, takePlace } from "../multi-fidelity/rungs.js";
import { checkOptions, numberFrom, oneOf, orNull } from "../option-rules.js";
import { remember } from "../remember.js";
import { type EvolutionOptions, evolve } from "./evolve.js";
import { type Plan, planOf, populationsAfter, type Where } from "./populations.js";

interface DehbOptions extends EvolutionOptions {
  /** Times that all brackets are run; `null` for no end. */
  readonly repetitions: number | null;
}

type Context = SuggestContext<DehbOptions>;

/**
 * Differential evolution with a population for each fidelity of the brackets of Hyperband.
 *
 * The first bracket is one of Hyperband: random configurations, the best of which go on. From then on each place of a
 * rung competes with a member of that fidelity's population: at the bottom of a bracket it is made of this population,
 * higher up of the best of the fidelity below, once that rung is full. A broken trial leaves its place to another one.
 */
export default defineAlgorithm<DehbOptions>({
  summary: "Differential evolution in the brackets of Hyperband: a population for each fidelity.",
  paper: "Awad et al. 2021, https://arxiv.org/abs/2105.09821",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: {
    mutation_factor: 0.5,
    crossover_prob: 0.5,
    mutation_strategy: "rand1",
    crossover_strategy: "bin",
    boundary_fix_type: "random",
    min_clip: null,
    max_clip: null,
    repetitions: null,
  },
  basis: "history",
  check: (options, space) => {
    requireReduction("dehb", space);
    checkRepetitions("dehb", options.repetitions);
    checkOptions("dehb", options, rules);
    checkClip(options);
    hyperbandBrackets(fidelityOf(space));
  },
  suggest: (context) => {
    const { space, cache, options, pending } = context;
    const plan = remember(cache, { name: "dehb plan", make: () => planOf(fidelityOf(space)) });
    const rungs = readRungs(context);
    const limit = options.repetitions ?? Number.POSITIVE_INFINITY;
    for (let repetition = firstOpenRepetition(context, plan.brackets); repetition < limit; repetition++) {
      let hasBegun = false;
      for (let bracket = 0; bracket < plan.brackets.length; bracket++) {
        const suggestion = suggestInBracket(context, { plan, rungs, repetition, bracket });
        if (suggestion !== undefined) return suggestion;
        hasBegun ||= placesAt(rungs, { repetition, bracket, rung: 0 }) > 0;
      }
      // nothing can begin any more: all configurations were tried at all fidelities
      if (!hasBegun) break;
    }
    return { kind: pending.length > 0 ? "wait" : "done" };
  },
});

const rules = {
  mutation_factor: numberFrom(0, 2),
  crossover_prob: numberFrom(0, 1),
  mutation_strategy: oneOf(Object.keys(mutations)),
  crossover_strategy: oneOf(Object.keys(crossovers)),
  boundary_fix_type: oneOf(Object.keys(boundaryFixes)),
  min_clip: orNull(numberFrom(0, 1)),
  max_clip: orNull(numberFrom(0, 1)),
};

function checkClip({ min_clip, max_clip }: DehbOptions): void {
  if ((min_clip ?? 0) < (max_clip ?? 1)) return;
  throw new UsageError(`dehb: min_clip is ${min_clip} and max_clip is ${max_clip}.`, "Let min_clip be below max_clip.");
}

interface BracketState {
  readonly plan: Plan;
  readonly rungs: Rungs;
  readonly repetition: number;
  readonly bracket: number;
}

/** A trial for the highest rung that may go on; the first bracket promotes, the others evolve. */
function suggestInBracket(context: Context, state: BracketState): Suggestion | undefined {
  const { plan, rungs, repetition, bracket } = state;
  const planned = plan.brackets[bracket]!;
  const isFirst = repetition === 0 && bracket === 0;
  for (let rung = planned.length - 1; rung >= 0; rung--) {
    const where: Where = { repetition, bracket, rung };
    const { size, resource } = planned[rung]!;
    if (placesAt(rungs, where) >= size) continue;
    if (rung > 0 && !isFull(context, state, rung - 1)) continue;
    const suggestion =
      isFirst && rung > 0 ? promote(context.space, state, rung) : begin(context, state, rung, resource);
    if (suggestion !== undefined) return suggestion;
  }
  return undefined;
}

function promote(
  space: Space,
  { plan, rungs, repetition, bracket }: BracketState,
  rung: number,
): Suggestion | undefined {
  const where: Where = { repetition, bracket, rung };
  const trial = rungs.nextBest({ ...where, rung: rung - 1 });
  if (trial === undefined) return undefined;
  const params = atFidelity(space, trial.params, plan.brackets[bracket]![rung]!.resource);
  return { ...takePlace({ ...where, place: rungs.at(where).nextPlace }, params), parent: trial.id };
}

function begin(context: Context, state: BracketState, rung: number, resource: number): Suggestion | undefined {
  const { plan, rungs, repetition, bracket } = state;
  const isFirst = repetition === 0 && bracket === 0;
  const where: Where = { repetition, bracket, rung };
  const place = { ...where, place: rungs.at(where).nextPlace };
  const proposals = isFirst ? [] : evolve(context, { plan, place, populations: populationsAfter(context, plan) });
  const params = newConfiguration(context, proposals, isFirst ? undefined : resource);
  return params === undefined ? undefined : takePlace(place, atFidelity(context.space, params, resource));
}

/** True when no more trials will be completed in a rung. */
function isFull(context: Context, state: BracketState, rung: number): boolean {
  const { plan, rungs, repetition, bracket } = state;
  const { size, resource } = plan.brackets[bracket]![rung]!;
  const { completed, pendingCount } = rungs.at({ repetition, bracket, rung });
  if (completed.length >= size) return true;
  if (pendingCount > 0) return false;
  if (repetition > 0 || bracket > 0) return newConfiguration(context, [], resource) === undefined;
  if (rung === 0) return newConfiguration(context) === undefined;
  return isFull(context, state, rung - 1) && rungs.nextBest({ repetition, bracket, rung: rung - 1 }) === undefined;
}

/** How many places of a rung are taken by trials that are completed or under way. */
function placesAt(rungs: Rungs, where: Where): number {
  const { completed, pendingCount } = rungs.at(where);
  return completed.length + pendingCount;
}
