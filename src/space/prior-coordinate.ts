import { exp, expm1, log, log1p } from "../math/exp-log.js";
import { normalLogCdf, normalLogQuantile } from "../math/normal.js";
import type { Prior } from "./dimension.js";
import type { Bounds } from "./natural-bounds.js";

/**
 * The value below which lies the share `coordinate` of a prior that is cut to `bounds`: its inverse distribution
 * function. Grows with the coordinate, and is finite.
 *
 * @param bounds - Inclusive, inside the natural bounds of the prior; finite for `uniform` and `loguniform`.
 * @param coordinate - In [0, 1].
 */
export function valueAt(prior: Prior, bounds: Bounds, coordinate: number): number {
  const value = inverse[shapeOf(prior, bounds)](prior as never, bounds, coordinate);
  return Math.min(Math.max(value, bounds.low, -Number.MAX_VALUE), bounds.high, Number.MAX_VALUE);
}

/**
 * The share of a prior, cut to `bounds`, that lies below `value`: the inverse of `valueAt`.
 *
 * @returns In [0, 1].
 */
export function coordinateOf(prior: Prior, bounds: Bounds, value: number): number {
  if (value <= bounds.low) return 0;
  if (value >= bounds.high) return 1;
  return Math.min(Math.max(forward[shapeOf(prior, bounds)](prior as never, bounds, value), 0), 1);
}

/** Of the numbers of a loguniform, or of the deviations of a normal. */
const flatWidth = 1e-8;

/**
 * The name of the prior, or `uniform` where it is cut to so narrow an interval that its density hardly changes there:
 * by a hundred-millionth, or by a millionth a hundred deviations away. Logarithms keep few digits of the interval then,
 * and at last none.
 */
function shapeOf(prior: Prior, { low, high }: Bounds): Prior["name"] {
  if (prior.name === "uniform") return "uniform";
  const scale = prior.name === "normal" ? prior.deviation : low;
  return high - low <= flatWidth * scale ? "uniform" : prior.name;
}

type Of<Name extends Prior["name"]> = Extract<Prior, { readonly name: Name }>;
type Map<Name extends Prior["name"]> = (prior: Of<Name>, bounds: Bounds, x: number) => number;
type Maps = { readonly [Name in Prior["name"]]: Map<Name> };

const inverse: Maps = {
  uniform: (_prior, { low, high }, u) => interpolate(low, high, u),
  loguniform: (_prior, { low, high }, u) => exp(interpolate(log(low), log(high), u)),
  normal: ({ mean, deviation }, { low, high }, u) => {
    const z = truncatedNormalValue((low - mean) / deviation, (high - mean) / deviation, u);
    return mean + deviation * z;
  },
};

const forward: Maps = {
  uniform: (_prior, { low, high }, value) => share(low, high, value),
  loguniform: (_prior, { low, high }, value) => share(log(low), log(high), log(value)),
  normal: ({ mean, deviation }, { low, high }, value) => {
    const [a, b, z] = [low, high, value].map((x) => (x - mean) / deviation) as [number, number, number];
    return truncatedNormalCoordinate(a, b, z);
  },
};

function interpolate(low: number, high: number, u: number): number {
  const width = high - low;
  // the width of [−1e308, 1e308] overflows
  return Number.isFinite(width) ? low + u * width : low * (1 - u) + high * u;
}

function share(low: number, high: number, value: number): number {
  const width = high - low;
  return Number.isFinite(width) ? (value - low) / width : (value / 2 - low / 2) / (high / 2 - low / 2);
}

/** Ends of the coordinate where the prior has no end: ±8.2 standard deviations, the resolution of a double near 1. */
const edge = 2 ** -53;

/**
 * Quantile of a standard normal cut to [a, b], in logarithms so that an interval far out in a tail keeps its digits.
 *
 * Of the two tails the one with the smaller probability is used, since 1 − p has lost the digits of a small p.
 */
function truncatedNormalValue(a: number, b: number, coordinate: number): number {
  const u = Math.min(Math.max(coordinate, a === -Infinity ? edge : 0), b === Infinity ? 1 - edge : 1);
  const logLeft = mixLogs(normalLogCdf(a), normalLogCdf(b), u);
  if (logLeft <= -Math.LN2) return normalLogQuantile(logLeft);
  return -normalLogQuantile(mixLogs(normalLogCdf(-b), normalLogCdf(-a), 1 - u));
}

function truncatedNormalCoordinate(a: number, b: number, z: number): number {
  if (z > 0) return 1 - leftCoordinate(-b, -a, -z);
  return leftCoordinate(a, b, z);
}

/** (Φ(z) − Φ(a)) / (Φ(b) − Φ(a)), for z ≤ 0. */
function leftCoordinate(a: number, b: number, z: number): number {
  const [logA, logB, logZ] = [normalLogCdf(a), normalLogCdf(b), normalLogCdf(z)];
  if (logZ === -Infinity) return 0;
  return exp(logZ - logB) * (expm1(logA - logZ) / expm1(logA - logB));
}

/** ln((1 − u) eˣ + u eʸ) for x ≤ y. */
function mixLogs(x: number, y: number, u: number): number {
  return y + log1p((1 - u) * expm1(x - y));
}
