import { exp } from "../../math/exp-log.js";
import { minimizeInBox } from "../../math/l-bfgs-b.js";
import { normalQuantile } from "../../math/normal.js";
import type { Rng } from "../../math/rng.js";
import type { Acquisition } from "./acquisition.js";
import { snapToLevels } from "./axes.js";
import { improveLevels } from "./levels.js";
import type { Box } from "./region.js";

export interface SearchRequest extends Box {
  readonly acquisition: Acquisition;
  /** Length scales of the coordinates, shape (d): the search moves in steps of them. */
  readonly scales: Float64Array;
  /** Points spread over the unit cube, by index; they are spread over the box instead. */
  readonly spread: (index: number) => Float64Array;
  /** How many of them are looked at. */
  readonly spreadCount: number;
  /** The best points so far, each of shape (d), in the box or out of it. */
  readonly incumbents: readonly Float64Array[];
  readonly rng: Rng;
}

export interface Candidate {
  /** Shape (d); discrete coordinates are at one of their levels. */
  readonly point: Float64Array;
  /** Of the acquisition function. */
  readonly value: number;
}

/** Points that are looked at around each incumbent. */
const countPerIncumbent = 32;
const startsFromSpread = 4;
const startsNearIncumbents = 2;
/** Iterations after which most hills have shown how high they are. */
const fewSteps = 6;
/** Of the starts, those that are climbed from to the end. */
const topCount = 3;
const manySteps = 40;

/**
 * Where in the box the acquisition function is high, best first: local maxima, and all the points they were found from.
 *
 * Points all over the box find new hills, points around the incumbents find the narrow ones that are left late in a
 * search, far smaller than the distance between the former. The best few of both kinds are climbed from.
 */
export function searchCandidates(request: SearchRequest): readonly Candidate[] {
  const { spread, spreadCount, incumbents } = request;
  const wide = rate(
    Array.from({ length: spreadCount }, (_, index) => stretch(spread(index), request)),
    request,
  );
  const near = rate(
    incumbents.flatMap((incumbent) => around(incumbent, request)),
    request,
  );
  const starts = [...apart(wide, startsFromSpread, request), ...apart(near, startsNearIncumbents, request)];
  // all climb a little, and those that are highest then go on to the top
  const slopes = starts.map((start) => climb(start, request, fewSteps)).sort(byValue);
  const tops = slopes.slice(0, topCount).map((start) => climbAll(start, request));
  return [...tops, ...slopes, ...wide, ...near].sort(byValue);
}

/** Best first. Sorting is stable, so ties keep their order on every worker. */
function byValue(a: Candidate, b: Candidate): number {
  return b.value - a.value;
}

/** From the unit cube to the box, in place. */
function stretch(point: Float64Array, { low, high }: Box): Float64Array {
  for (let k = 0; k < point.length; k++) point[k] = low[k]! + point[k]! * (high[k]! - low[k]!);
  return point;
}

function rate(points: readonly Float64Array[], { axes, acquisition }: SearchRequest): readonly Candidate[] {
  for (const point of points) snapToLevels(axes, point);
  const values = acquisition.values(points);
  return points.map((point, i) => ({ point, value: values[i]! })).sort(byValue);
}

/** Steps from an incumbent of half a length scale down to a thousandth; a discrete coordinate changes now and then. */
function around(incumbent: Float64Array, request: SearchRequest): readonly Float64Array[] {
  const { axes, low, high, rng } = request;
  return Array.from({ length: countPerIncumbent }, () => {
    const reach = exp(-Math.LN2 - 6.2 * rng.next());
    return incumbent.map((x, k) => {
      const { levels } = axes[k]!;
      if (levels !== undefined) return rng.next() * axes.length < 1 ? levels[rng.below(levels.length)]! : x;
      const normal = normalQuantile(rng.next() + 2 ** -54); // never 0
      return Math.min(Math.max(x + reach * stepOf(request, k) * normal, low[k]!), high[k]!);
    });
  });
}

/** A length scale, or all of a coordinate on which the function hardly depends. */
function stepOf({ scales, low, high }: SearchRequest, k: number): number {
  return Math.min(scales[k]!, high[k]! - low[k]!);
}

/** The best `count` of some candidates of which none is close to another. */
function apart(candidates: readonly Candidate[], count: number, request: SearchRequest): readonly Candidate[] {
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    if (chosen.length === count) break;
    if (chosen.every((other) => squaredDistance(other, candidate, request) > 0.04)) chosen.push(candidate);
  }
  return chosen;
}

/** In length scales. */
function squaredDistance(a: Candidate, b: Candidate, request: SearchRequest): number {
  const { axes } = request;
  let sum = 0;
  for (let k = 0; k < axes.length; k++) {
    const difference = a.point[k]! - b.point[k]!;
    // a box that holds one level of a coordinate has no width there
    if (difference === 0) continue;
    const steps = (axes[k]!.isCategory ? 1 : difference) / stepOf(request, k);
    sum += steps * steps;
  }
  return sum;
}

/** Rounds of climbing on the continuous coordinates and choosing the discrete ones. */
const maxRounds = 4;

function climbAll(start: Candidate, request: SearchRequest): Candidate {
  let best = climb(start, request, manySteps);
  for (let round = 0; round < maxRounds; round++) {
    const improved = improveLevels(best, request);
    if (improved === best) break;
    best = climb(improved, request, manySteps);
  }
  return best;
}

/** The local maximum over the continuous coordinates, measured in their length scales, uphill of `start`. */
function climb(start: Candidate, request: SearchRequest, maxIterations: number): Candidate {
  const { acquisition, axes, low, high } = request;
  const moving = [...axes.keys()].filter((k) => axes[k]!.levels === undefined);
  if (moving.length === 0) return start;
  const unit = moving.map((k) => stepOf(request, k));
  const point = start.point.slice();
  const slope = new Float64Array(axes.length);
  const place = (scaled: Float64Array): void => {
    for (let i = 0; i < moving.length; i++) {
      const k = moving[i]!;
      point[k] = Math.min(Math.max(scaled[i]! * unit[i]!, low[k]!), high[k]!);
    }
  };
  const objective = (scaled: Float64Array, gradient: Float64Array): number => {
    place(scaled);
    const value = acquisition.valueWithSlope(point, slope);
    for (let i = 0; i < moving.length; i++) gradient[i] = -slope[moving[i]!]! * unit[i]!;
    return -value;
  };
  const found = minimizeInBox({
    objective,
    start: moving.map((k, i) => start.point[k]! / unit[i]!),
    low: moving.map((k, i) => low[k]! / unit[i]!),
    high: moving.map((k, i) => high[k]! / unit[i]!),
    maxIterations,
    gradientTolerance: 1e-4,
    valueTolerance: 1e-7,
  });
  if (!(-found.value > start.value)) return start;
  place(found.point);
  return { point, value: -found.value };
}
