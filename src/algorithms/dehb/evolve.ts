import type { Params } from "../../space/dimension.js";
import { fromUnit, toUnit } from "../../space/unit-cube.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import {
  type BoundaryFix,
  boundaryFixes,
  type CrossoverStrategy,
  crossovers,
  type MutationStrategy,
  mutations,
} from "../de/mutation.js";
import type { Place } from "../multi-fidelity/rungs.js";
import { type Plan, type Populations, slotOf } from "./populations.js";

export interface EvolutionOptions {
  readonly mutation_factor: number;
  readonly crossover_prob: number;
  readonly mutation_strategy: MutationStrategy;
  readonly crossover_strategy: CrossoverStrategy;
  readonly boundary_fix_type: BoundaryFix;
  /** Ends of the unit cube that `clip` moves coordinates to; `null` for 0 and for 1. */
  readonly min_clip: number | null;
  readonly max_clip: number | null;
}

export interface Competition {
  readonly plan: Plan;
  readonly place: Place & { readonly place: number };
  readonly populations: Populations;
}

/** Three members for a mutant beside its target. */
const fewestParents = 4;
/** As many as the hungriest mutation draws, beside its target. */
const enoughParents = 6;
const mostProposals = 20;

/**
 * Configurations that compete with the member of a place: mutants of the best of the fidelity below, or at the bottom of
 * a bracket of its own population, crossed with that member. Where these are too few, the best of the other fidelities
 * join them. None while there are too few at all.
 *
 * @see Awad et al. 2021, "DEHB", §3, https://arxiv.org/abs/2105.09821
 */
export function* evolve(
  { space, options, rng }: Pick<SuggestContext<EvolutionOptions>, "space" | "options" | "rng">,
  { plan, place, populations }: Competition,
): Generator<Params, void> {
  const parents = parentsOf({ plan, place, populations });
  if (parents.length < fewestParents) return;
  const points = parents.map(({ params }) => toUnit(space, params));
  const resource = plan.brackets[place.bracket]![place.rung]!.resource;
  const member = populations.get(resource)!.get(slotOf(plan, place)!);
  const mutate = mutations[options.mutation_strategy];
  const cross = crossovers[options.crossover_strategy];
  const fix = boundaryFixes[options.boundary_fix_type];
  const [least, most] = [options.min_clip ?? 0, options.max_clip ?? 1];
  for (let proposal = 0; proposal < mostProposals; proposal++) {
    // a slot that nobody has yet is as good as any of the parents
    const target = member === undefined ? points[rng.below(points.length)]! : toUnit(space, member.params);
    const others = points.filter((_, at) => parents[at] !== member);
    const draw = () => {
      if (others.length === 0) return points[rng.below(points.length)]!;
      return others.splice(rng.below(others.length), 1)[0]!;
    };
    const mutant = mutate({ target, best: points[0]!, draw }, options.mutation_factor);
    const crossed = cross({ target, mutant, probability: options.crossover_prob, rng });
    const isClipped = options.boundary_fix_type === "clip";
    yield fromUnit(space, isClipped ? crossed.map((x) => Math.min(Math.max(x, least), most)) : fix(crossed, rng));
  }
}

/** Best first. */
function parentsOf({ plan, place, populations }: Competition): readonly Trial[] {
  const { bracket, rung } = place;
  const rungs = plan.brackets[bracket]!;
  const { size } = rungs[rung]!;
  const from = rungs[Math.max(rung - 1, 0)]!.resource;
  const own = bestFirst(populations.get(from)!);
  const parents = rung > 0 ? own.slice(0, size) : own;
  if (parents.length >= enoughParents) return parents;
  const others = [...populations.values()].flatMap(bestFirst).filter((trial) => !parents.includes(trial));
  return [...parents, ...others.slice(0, enoughParents - parents.length)];
}

function bestFirst(members: ReadonlyMap<number, Trial>): Trial[] {
  return [...members.values()].sort((a, b) => a.objective! - b.objective! || a.number - b.number);
}
