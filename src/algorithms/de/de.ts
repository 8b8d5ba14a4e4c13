import type { Rng } from "../../math/rng.js";
import { maxSobolDimensions, scrambledSobol } from "../../math/sobol.js";
import type { Params } from "../../space/dimension.js";
import { fromUnit, unitSize } from "../../space/unit-cube.js";
import { defineAlgorithm, type SuggestContext } from "../algorithm.js";
import { checkOptions, countFrom, numberFrom, oneOf, orNull, positiveUpTo } from "../option-rules.js";
import { remember } from "../remember.js";
import { samplePrior } from "../sample-prior.js";
import { suggestUntried } from "../untried.js";
import {
  type BoundaryFix,
  boundaryFixes,
  type CrossoverStrategy,
  crossovers,
  type MutationStrategy,
  mutations,
} from "./mutation.js";
import { type Population, pointOf, populationAfter } from "./population.js";

interface DeOptions {
  /** `null` for 8 + d, at most 40. */
  readonly popsize: number | null;
  readonly mutation_factor: number;
  readonly crossover_prob: number;
  readonly mutation_strategy: MutationStrategy;
  readonly crossover_strategy: CrossoverStrategy;
  readonly boundary_fix_type: BoundaryFix;
}

/**
 * Steady-state differential evolution: nobody waits for a generation. Trial n competes with the member of its slot, and
 * is made of the members that have finished by then.
 */
export default defineAlgorithm<DeOptions>({
  summary: "Differential evolution: steps are differences between good points; robust on rugged objectives.",
  paper:
    "Storn & Price 1997, https://doi.org/10.1023/A:1008202821328; Awad et al. 2021, https://arxiv.org/abs/2105.09821",
  requires: {},
  defaults: {
    popsize: null,
    mutation_factor: 0.5,
    crossover_prob: 0.7,
    mutation_strategy: "best1",
    crossover_strategy: "bin",
    boundary_fix_type: "random",
  },
  basis: "history",
  check: (options) => checkOptions("de", options, rules),
  suggest: (context) => suggestUntried(context, proposals(context)),
});

function* proposals(context: SuggestContext<DeOptions>): Generator<Params> {
  const { space, options, trialNumber, rng } = context;
  const size = options.popsize ?? Math.min(40, 8 + unitSize(space));
  const population = populationAfter(context, size);
  const slot = (trialNumber - 1) % size;
  const memberCount = population.rows.filter((row) => row !== undefined).length;
  const isStart = trialNumber <= size || memberCount < fewestMembers || population.rows[slot] === undefined;
  if (isStart) {
    yield startingPoint(context);
    return;
  }
  for (let trial = 0; trial < mostProposals; trial++) {
    yield fromUnit(space, offspring(population, { slot, options, rng }));
  }
}

/** A base and one difference, beside the target. */
const fewestMembers = 4;
const mostProposals = 20;

function startingPoint({ space, seed, trialNumber, attempt, rng, cache }: SuggestContext<DeOptions>): Params {
  const size = unitSize(space);
  if (attempt > 0 || size > maxSobolDimensions) return samplePrior(space, rng);
  const point = remember(cache, { name: "de sobol", make: () => scrambledSobol(size, seed, "de") });
  return fromUnit(space, point(trialNumber - 1));
}

interface Reproduction {
  readonly slot: number;
  readonly options: DeOptions;
  readonly rng: Rng;
}

function offspring({ rows, observations }: Population, { slot, options, rng }: Reproduction): Float64Array {
  const members = rows.filter((row) => row !== undefined);
  const target = pointOf(observations, rows[slot]!);
  const best = members.reduce((a, b) => (observations.objectives[b]! < observations.objectives[a]! ? b : a));
  const others = members.filter((row) => row !== rows[slot]);
  const draw = () => {
    const row =
      others.length === 0 ? members[rng.below(members.length)]! : others.splice(rng.below(others.length), 1)[0]!;
    return pointOf(observations, row);
  };
  const mutate = mutations[options.mutation_strategy];
  const mutant = mutate({ target, best: pointOf(observations, best), draw }, options.mutation_factor);
  const crossed = crossovers[options.crossover_strategy]({ target, mutant, probability: options.crossover_prob, rng });
  return boundaryFixes[options.boundary_fix_type](crossed, rng);
}

const rules = {
  popsize: orNull(countFrom(fewestMembers)),
  mutation_factor: positiveUpTo(2),
  crossover_prob: numberFrom(0, 1),
  mutation_strategy: oneOf(Object.keys(mutations)),
  crossover_strategy: oneOf(Object.keys(crossovers)),
  boundary_fix_type: oneOf(Object.keys(boundaryFixes)),
};
