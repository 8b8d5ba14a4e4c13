import type { Rng } from "../../math/rng.js";
import type { Axis } from "./axes.js";
import { bandwidthsOf } from "./bandwidths.js";
import { bestFirst } from "./best-first.js";
import { type KernelDensity, kernelDensity } from "./kernel-density.js";

/** Observations on one side of the split, in order of arrival. */
export interface Side {
  /** Shape (K × d), row-major in the unit cube. */
  readonly points: Float64Array;
  /** Shape (K). */
  readonly weights: Float64Array;
  /** The first so many have a result; the others are under evaluation, and are no evidence of how wide kernels should be. */
  readonly knownCount: number;
  /** How many results these stand for: more than `knownCount` where some were left out, fewer where they are equal. */
  readonly evidence: number;
}

export interface Proposing {
  readonly axes: readonly Axis[];
  readonly below: Side;
  readonly above: Side;
  readonly priorWeight: number;
  readonly candidateCount: number;
  readonly rng: Rng;
}

/**
 * Points drawn from l(x), the one with the best ratio l(x) / g(x) first: maximising that ratio maximises the expected
 * improvement. When all candidates are used up, new ones are drawn.
 *
 * @returns Points of the unit cube without end, shape (d); each may be overwritten by a later one.
 * @see Bergstra et al. 2011, eq. 4-6
 */
export function* proposeJointly(proposing: Proposing): Generator<Float64Array, never> {
  const { candidateCount, rng, axes } = proposing;
  const l = density(proposing, proposing.below, bandwidthFactors.good);
  const g = density(proposing, proposing.above, bandwidthFactors.other);
  const candidates = Array.from({ length: candidateCount }, () => ({ point: new Float64Array(axes.length), logL: 0 }));
  for (;;) {
    for (const candidate of candidates) {
      l.sample(rng, candidate.point);
      candidate.logL = l.logDensity(candidate.point);
    }
    yield* bestFirst(candidates, g);
  }
}

/** The same with densities for each coordinate by itself: the best value of each, then the second best of each … */
export function* proposeApart(proposing: Proposing): Generator<Float64Array, never> {
  const { axes, below, above } = proposing;
  const apart = axes.map((axis, j) =>
    proposeJointly({
      ...proposing,
      axes: [axis],
      below: column(below, j, axes.length),
      above: column(above, j, axes.length),
    }),
  );
  const point = new Float64Array(axes.length);
  for (;;) {
    for (const [j, proposals] of apart.entries()) {
      point[j] = proposals.next().value[0]!;
    }
    yield point;
  }
}

/**
 * Times the bandwidth that is best for a normal distribution, for l(x) and for g(x).
 *
 * Narrow kernels of l(x) end finer. Those of g(x) are better narrower still, which shows most in the worse runs: wide ones
 * speak of regions in which nothing was tried. Chosen on instances of BBOB that are not in the tables of docs/benchmarks.md;
 * docs/experiments.md has the figures.
 */
const bandwidthFactors = { good: 0.4, other: 0.3 };

/** As narrow as kernels may become, in the unit cube. */
const minBandwidth = 0.003;

function density(
  { axes, priorWeight }: Proposing,
  { points, weights, knownCount, evidence }: Side,
  factor: number,
): KernelDensity {
  const bandwidths = bandwidthsOf({
    axes,
    centers: points.subarray(0, knownCount * axes.length),
    factor,
    // the prior is one point beside all that these stand for
    priorWeight: evidence > 0 ? (priorWeight * knownCount) / evidence : priorWeight,
    minimum: minBandwidth,
  });
  return kernelDensity({ axes, centers: points, weights, bandwidths, priorWeight });
}

function column(side: Side, j: number, size: number): Side {
  return { ...side, points: Float64Array.from(side.weights, (_, k) => side.points[k * size + j]!) };
}
