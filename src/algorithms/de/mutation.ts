import type { Rng } from "../../math/rng.js";

/** The members that a mutant is made of; points of shape (d) in the unit cube. */
export interface Parents {
  /** The member that the mutant competes with. */
  readonly target: Float64Array;
  readonly best: Float64Array;
  /** Draw a member other than those that were drawn before, as long as there are any. */
  readonly draw: () => Float64Array;
}

/** A mutant v, shape (d), which may lie outside of the unit cube; `factor` is F. */
type Mutation = (parents: Parents, factor: number) => Float64Array;

/**
 * The mutation strategies of differential evolution, by the names that the field knows them by.
 *
 * @see Storn & Price 1997, "Differential Evolution", https://doi.org/10.1023/A:1008202821328
 * @see Awad et al. 2021, "DEHB", §3, https://arxiv.org/abs/2105.09821
 */
export const mutations = {
  rand1: ({ draw }, factor) => combine(draw(), factor, [difference(draw(), draw())]),
  rand2: ({ draw }, factor) => combine(draw(), factor, [difference(draw(), draw()), difference(draw(), draw())]),
  best1: ({ best, draw }, factor) => combine(best, factor, [difference(draw(), draw())]),
  best2: ({ best, draw }, factor) => combine(best, factor, [difference(draw(), draw()), difference(draw(), draw())]),
  currenttobest1: ({ target, best, draw }, factor) =>
    combine(target, factor, [difference(best, target), difference(draw(), draw())]),
  randtobest1: ({ best, draw }, factor) => {
    const base = draw();
    return combine(base, factor, [difference(best, base), difference(draw(), draw())]);
  },
  rand2dir: ({ draw }, factor) => {
    const base = draw();
    const [second, third] = [draw(), draw()];
    // towards the base and away from the middle of the two others
    return combine(base, factor / 2, [difference(base, second), difference(base, third)]);
  },
} as const satisfies Readonly<Record<string, Mutation>>;

export type MutationStrategy = keyof typeof mutations;

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((coordinate, k) => coordinate - b[k]!);
}

function combine(base: Float64Array, factor: number, differences: readonly Float64Array[]): Float64Array {
  return base.map((coordinate, k) => differences.reduce((sum, step) => sum + factor * step[k]!, coordinate));
}

export interface Cross {
  readonly target: Float64Array;
  readonly mutant: Float64Array;
  /** CR: the probability of a coordinate of the mutant. */
  readonly probability: number;
  readonly rng: Rng;
}

/**
 * How target and mutant are mixed: `bin` takes each coordinate by itself, `exp` a stretch of neighbours. One coordinate
 * of the mutant is in the result at least.
 */
export const crossovers = {
  bin: ({ target, mutant, probability, rng }: Cross): Float64Array => {
    const kept = rng.below(target.length);
    return target.map((coordinate, k) => (rng.next() < probability || k === kept ? mutant[k]! : coordinate));
  },
  exp: ({ target, mutant, probability, rng }: Cross): Float64Array => {
    const result = Float64Array.from(target);
    const start = rng.below(target.length);
    for (let taken = 0; taken < target.length; taken++) {
      const k = (start + taken) % target.length;
      result[k] = mutant[k]!;
      if (rng.next() >= probability) break;
    }
    return result;
  },
} as const;

export type CrossoverStrategy = keyof typeof crossovers;

/** What becomes of a coordinate outside of the unit interval: another random one, or the nearer end. */
export const boundaryFixes = {
  random: (point: Float64Array, rng: Rng): Float64Array => point.map((x) => (x >= 0 && x <= 1 ? x : rng.next())),
  clip: (point: Float64Array): Float64Array => point.map((x) => Math.min(1, Math.max(0, x))),
} as const;

export type BoundaryFix = keyof typeof boundaryFixes;
