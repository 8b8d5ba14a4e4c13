import { exp, log } from "../../math/exp-log.js";
import { type BoxProblem, minimizeInBox } from "../../math/l-bfgs-b.js";
import type { KernelFamily } from "./kernel.js";
import { type LogPrior, negativeLogPosterior, normalPrior } from "./likelihood.js";

/**
 * Logarithms of the hyperparameters of a Gaussian process, the sum of a function with `maternKernel` and one with
 * `quadraticKernel`, shape (d + 3): d length scales, the variance of the former, that of the latter, the variance of the
 * noise. Targets are standardised and coordinates in [0, 1], so the same priors and bounds fit every problem.
 */
export type Hyperparameters = Float64Array;

export interface FitRequest {
  readonly family: KernelFamily;
  /** d. */
  readonly size: number;
  /** Shape (n), mean about 0, variance about 1. */
  readonly targets: Float64Array;
  /** False to leave the quadratic part out: its variance stays next to nothing. */
  readonly isQuadratic: boolean;
  /** The fit to start from; without one it starts cold. */
  readonly before: Hyperparameters | undefined;
}

export interface Fitted {
  readonly hyperparameters: Hyperparameters;
  /** ln of the density of targets and hyperparameters, up to a constant that depends on d and n alone. */
  readonly logPosterior: number;
}

/** The hyperparameters with the highest posterior density that are found. */
export function fitHyperparameters({ family, size, targets, isQuadratic, before }: FitRequest): Fitted {
  const objective = negativeLogPosterior({ family, targets, priors: priorsOf(size) });
  const starts = before === undefined ? coldStarts(size, targets.length) : [before];
  const problem = { objective, ...boundsOf(size, isQuadratic), gradientTolerance: 1e-3, valueTolerance: 1e-5 };
  const maxIterations = before === undefined ? 60 : 20;
  const [first, ...others] = starts.map((start) => minimizeInBox({ ...problem, start, maxIterations }));
  let best = first!;
  for (const other of others) if (other.value < best.value) best = other;
  return { hyperparameters: best.point, logPosterior: -best.value };
}

/**
 * A wiggly function without noise, a smooth one with some, and a bowl with little else: few observations can be explained
 * in each of these ways, and the likelihood has a maximum for each. More observations decide.
 */
function coldStarts(size: number, count: number): readonly Hyperparameters[] {
  const scale = typicalScale(size);
  const wiggly = hyperparameters(size, { scale, variance: 0, quadratic: -8, noise: -7 });
  const smooth = hyperparameters(size, { scale: scale + 1.2, variance: 0, quadratic: 0, noise: -4 });
  const bowl = hyperparameters(size, { scale, variance: -2, quadratic: 1, noise: -9 });
  return count > 80 ? [wiggly, bowl] : [wiggly, smooth, bowl];
}

/**
 * Most likely length scale, in logarithms: it grows with √d, as do the distances in a cube.
 *
 * The prior of a length scale is log-normal with μ = √2 + ½ ln d and σ = √3, of which this is the mode, μ − σ².
 *
 * @see Hvarfner et al. 2024, "Vanilla Bayesian Optimization Performs Great in High Dimensions", §5, https://arxiv.org/abs/2402.02229
 */
function typicalScale(size: number): number {
  return Math.SQRT2 + 0.5 * log(size) - scaleVariance;
}

const scaleVariance = 3;

function priorsOf(size: number): readonly LogPrior[] {
  const scale = normalPrior(typicalScale(size), Math.sqrt(scaleVariance));
  return [...Array.from({ length: size }, () => scale), normalPrior(0, 1), normalPrior(0, 2), noisePrior];
}

/** Gamma(1.1, 30): hardly any noise is likely, much noise is not. */
function noisePrior(x: number): readonly [value: number, slope: number] {
  const noise = exp(x);
  return [0.1 * x - 30 * noise, 0.1 - 30 * noise];
}

/** The least noise keeps the matrix away from singular when the search closes in on a point. */
function boundsOf(size: number, isQuadratic: boolean): Pick<BoxProblem, "low" | "high"> {
  const nothing = log(1e-8);
  const quadratic = isQuadratic ? log(1000) : nothing;
  return {
    low: hyperparameters(size, { scale: log(0.005), variance: log(0.01), quadratic: nothing, noise: log(1e-7) }),
    high: hyperparameters(size, { scale: log(1000), variance: log(100), quadratic, noise: 0 }),
  };
}

interface Named {
  readonly scale: number;
  readonly variance: number;
  readonly quadratic: number;
  readonly noise: number;
}

function hyperparameters(size: number, { scale, variance, quadratic, noise }: Named): Hyperparameters {
  const all = new Float64Array(size + 3).fill(scale);
  all[size] = variance;
  all[size + 1] = quadratic;
  all[size + 2] = noise;
  return all;
}
