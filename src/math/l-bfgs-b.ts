import { addScaled, dot } from "./dot.js";

/** Value at `point`; fills `gradient`. Both of shape (n). A value that is not finite is stepped back from. */
export type DifferentiableFunction = (point: Float64Array, gradient: Float64Array) => number;

export interface BoxProblem {
  readonly objective: DifferentiableFunction;
  /** Shape (n); moved into the box if it lies outside. */
  readonly start: ArrayLike<number>;
  /** Bounds, shape (n), low ≤ high; may be infinite. */
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** Default 100. */
  readonly maxIterations?: number;
  /** Stop when no coordinate could move by more than this along the gradient; default 1e-6. */
  readonly gradientTolerance?: number;
  /** Stop when an iteration lowers the value by less than this, relative to max(1, |value|); default 1e-10. */
  readonly valueTolerance?: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluationCount: number;
}

/** Pairs of steps and gradient changes that are remembered. */
const memory = 8;

/**
 * A local minimum of a smooth function inside a box: limited-memory BFGS with bounds.
 *
 * Coordinates that lie on a bound and that the gradient pushes outwards are held; on the others the quasi-Newton step is
 * taken and projected back into the box, with a line search along the bent path. That is the two-metric projection of
 * Bertsekas with the two-loop recursion of Nocedal, simpler than the Cauchy point and subspace step of the original
 * L-BFGS-B and as good in a few dozen dimensions.
 *
 * @see Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints", https://doi.org/10.1137/0320018
 * @see Byrd, Lu, Nocedal & Zhu 1995, https://doi.org/10.1137/0916069
 */
export function minimizeInBox(problem: BoxProblem): Minimum {
  const { maxIterations = 100, gradientTolerance = 1e-6, valueTolerance = 1e-10 } = problem;
  const search = beginSearch(problem);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (!Number.isFinite(search.value) || hold(search) <= gradientTolerance) break;
    const before = search.value;
    turn(search);
    if (!step(search)) {
      if (search.pairs.length === 0) break;
      search.pairs.length = 0; // the curvature misleads; try once more along the gradient
      continue;
    }
    if (before - search.value <= valueTolerance * Math.max(1, Math.abs(search.value))) break;
  }
  return { point: search.point, value: search.value, evaluationCount: search.evaluationCount };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** All vectors have shape (n). */
interface Search extends Pick<BoxProblem, "objective" | "low" | "high"> {
  readonly size: number;
  point: Float64Array;
  gradient: Float64Array;
  value: number;
  evaluationCount: number;
  trialPoint: Float64Array;
  trialGradient: Float64Array;
  readonly direction: Float64Array;
  /** 1 where a coordinate may move, 0 where it is held. */
  readonly free: Float64Array;
  /** Oldest first. */
  readonly pairs: Pair[];
}

function beginSearch({ objective, start, low, high }: BoxProblem): Search {
  const size = start.length;
  const vector = () => new Float64Array(size);
  const point = Float64Array.from(start, (x, i) => Math.min(Math.max(x, low[i]!), high[i]!));
  const gradient = vector();
  const value = objective(point, gradient);
  const scratch = { trialPoint: vector(), trialGradient: vector(), direction: vector(), free: vector() };
  return { objective, low, high, size, point, gradient, value, evaluationCount: 1, pairs: [], ...scratch };
}

/** Finds which coordinates are held. Returns how far the farthest of the others could move along the gradient. */
function hold({ size, point, gradient, low, high, free }: Search): number {
  let farthest = 0;
  for (let i = 0; i < size; i++) {
    const target = Math.min(Math.max(point[i]! - gradient[i]!, low[i]!), high[i]!);
    free[i] = target === point[i]! ? 0 : 1;
    farthest = Math.max(farthest, Math.abs(target - point[i]!));
  }
  return farthest;
}

/** The quasi-Newton direction on the free coordinates: Nocedal & Wright 2006, algorithm 7.4. */
function turn(search: Search): void {
  const { size, gradient, direction, free, pairs } = search;
  for (let i = 0; i < size; i++) direction[i] = -gradient[i]! * free[i]!;
  const usable = pairs.map(({ step, change }) => ({ step, change, curvature: freeDot(search, step, change) }));
  const weights = new Float64Array(pairs.length);
  let scale = 0;
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, curvature } = usable[k]!;
    // restricted to the free coordinates a pair may have lost its positive curvature
    if (!(curvature > 0)) continue;
    weights[k] = freeDot(search, step, direction) / curvature;
    addScaled(direction, 0, -weights[k]!, change, 0, size);
    if (scale === 0) scale = curvature / freeDot(search, change, change);
  }
  // without curvature: a first step of length one at most
  if (scale === 0) scale = Math.min(1, 1 / Math.sqrt(freeDot(search, gradient, gradient)));
  for (let i = 0; i < size; i++) direction[i]! *= scale * free[i]!;
  for (let k = 0; k < pairs.length; k++) {
    const { step, change, curvature } = usable[k]!;
    if (!(curvature > 0)) continue;
    addScaled(direction, 0, weights[k]! - freeDot(search, change, direction) / curvature, step, 0, size);
  }
  for (let i = 0; i < size; i++) direction[i]! *= free[i]!;
  if (!(dot(direction, 0, gradient, 0, size) < 0)) {
    for (let i = 0; i < size; i++) direction[i] = -scale * gradient[i]! * free[i]!;
  }
}

function freeDot({ size, free }: Search, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += free[i]! * a[i]! * b[i]!;
  return sum;
}

/**
 * Moves along the projected direction until the weak Wolfe conditions hold: enough descent, and a slope that has become
 * flatter, without which there would be no curvature to learn. False when no descent is found.
 */
function step(search: Search): boolean {
  const { size, gradient, direction, value } = search;
  let shortest = 0;
  let longest = Number.POSITIVE_INFINITY;
  let length = 1;
  let hasDescent = false;
  for (let trial = 0; trial < 20; trial++) {
    const { point } = search;
    const trialValue = project(search, length);
    let promised = 0;
    for (let i = 0; i < size; i++) promised += gradient[i]! * (search.trialPoint[i]! - point[i]!);
    if (!(trialValue <= value + 1e-4 * promised)) {
      if (hasDescent && trial > 6) break;
      longest = length;
      const slope = dot(direction, 0, gradient, 0, size) * length;
      // the minimum of the parabola through what is known, kept inside the bracket
      const share = Number.isFinite(trialValue) ? (-0.5 * slope) / (trialValue - value - slope) : 0.1;
      length = shortest + (longest - shortest) * Math.min(Math.max(share, 0.1), 0.5);
      continue;
    }
    hasDescent = true;
    const isLast = trial >= 10 || hasFlatSlope(search);
    if (isLast) return accept(search, trialValue);
    shortest = length;
    length = longest === Number.POSITIVE_INFINITY ? 2 * length : (shortest + longest) / 2;
  }
  if (!hasDescent) return false;
  return accept(search, project(search, shortest));
}

/** Evaluates at the projection of a step; returns the value. */
function project(search: Search, length: number): number {
  const { size, point, direction, low, high, trialPoint, trialGradient } = search;
  for (let i = 0; i < size; i++) {
    trialPoint[i] = Math.min(Math.max(point[i]! + length * direction[i]!, low[i]!), high[i]!);
  }
  search.evaluationCount++;
  return search.objective(trialPoint, trialGradient);
}

function hasFlatSlope({ size, gradient, trialGradient, direction, trialPoint, low, high }: Search): boolean {
  let before = 0;
  let after = 0;
  for (let i = 0; i < size; i++) {
    const isMoving = trialPoint[i]! > low[i]! && trialPoint[i]! < high[i]!;
    before += gradient[i]! * direction[i]!;
    if (isMoving) after += trialGradient[i]! * direction[i]!;
  }
  return after >= 0.9 * before;
}

function accept(search: Search, trialValue: number): boolean {
  const { size, point, gradient, trialPoint, trialGradient, pairs } = search;
  const step = Float64Array.from(trialPoint, (x, i) => x - point[i]!);
  const change = Float64Array.from(trialGradient, (g, i) => g - gradient[i]!);
  if (dot(step, 0, change, 0, size) > 1e-12 * dot(change, 0, change, 0, size)) {
    if (pairs.length === memory) pairs.shift();
    pairs.push({ step, change });
  }
  search.point = trialPoint;
  search.gradient = trialGradient;
  search.trialPoint = point;
  search.trialGradient = gradient;
  search.value = trialValue;
  return true;
}
