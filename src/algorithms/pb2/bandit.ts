import { exp, log } from "../../math/exp-log.js";
import { minimizeInBox } from "../../math/l-bfgs-b.js";
import type { Rng } from "../../math/rng.js";
import { type LogPrior, negativeLogPosterior, normalPrior } from "../gp/likelihood.js";
import { appendPoints, emptyRegression, posteriorOf, solveTargets } from "../gp/posterior.js";
import { targetsOf } from "../gp/targets.js";
import { timeKernel, timeKernelFamily } from "./time-kernel.js";

export interface BanditRequest {
  /** d, without the time. */
  readonly size: number;
  /** Shape (n × (d + 1)), row-major: where in the unit cube, and when. */
  readonly points: Float64Array;
  /** Shape (n), finite: what was gained there, to be maximised. */
  readonly gains: Float64Array;
  /** Shape (m × (d + 1)): trials under way. They make their surroundings known, and change no mean. */
  readonly pending: Float64Array;
  /** When the next one is. */
  readonly time: number;
  readonly rng: Rng;
}

const startCount = 10;

/**
 * Points with a high upper confidence bound μ + √β σ of a Gaussian process whose function changes with time, best first:
 * local maxima from random starts. β = 0.2 ln(0.4 n), at least 0.
 *
 * @returns Each of shape (d).
 * @throws {NumericalError} when the covariances have no factor.
 * @see Parker-Holder et al. 2020, "Provably Efficient Online Hyperparameter Optimization with Population-Based Bandits",
 *   §4 and appendix, https://arxiv.org/abs/2002.02518
 */
export function banditPoints({ size, points, gains, pending, time, rng }: BanditRequest): readonly Float64Array[] {
  // Those of the gp: they are to be minimised, and one member that diverged does not squeeze all others into one value.
  const losses = targetsOf(
    gains.map((gain) => -gain),
    "power",
  );
  const targets = losses.values.map((loss) => -loss);
  const parameters = fitKernel({ size, points, targets });
  const kernel = timeKernel(parameters, size);
  const regression = emptyRegression({ kernel, noise: exp(parameters[3]!), size: size + 1 });
  appendPoints(regression, points, gains.length);
  const alpha = solveTargets(regression, targets);
  appendPoints(regression, pending, pending.length / (size + 1));
  const posterior = posteriorOf(regression, alpha);
  const explorationWeight = Math.sqrt(Math.max(0.2 * log(0.4 * gains.length), 0));
  const x = new Float64Array(size + 1);
  const moments = new Float64Array(2);
  const [meanSlope, varianceSlope] = [new Float64Array(size + 1), new Float64Array(size + 1)];
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    x.set(point);
    x[size] = time;
    posterior.predictWithSlopes(x, moments, meanSlope, varianceSlope);
    const deviation = Math.sqrt(moments[1]!);
    for (let k = 0; k < size; k++) {
      gradient[k] = -(meanSlope[k]! + (explorationWeight * varianceSlope[k]!) / (2 * deviation));
    }
    return -(moments[0]! + explorationWeight * deviation);
  };
  const box = { low: new Float64Array(size), high: new Float64Array(size).fill(1) };
  const found = Array.from({ length: startCount }, () => {
    const start = Float64Array.from({ length: size }, () => rng.next());
    return minimizeInBox({ objective, start, ...box, maxIterations: 50 });
  });
  return found.sort((a, b) => a.value - b.value).map(({ point }) => point);
}

interface FitRequest {
  readonly size: number;
  readonly points: Float64Array;
  readonly targets: Float64Array;
}

/** ln of length scale, variance, λ and noise, with the highest posterior density. */
function fitKernel({ size, points, targets }: FitRequest): Float64Array {
  const family = timeKernelFamily(points, targets.length, size);
  const objective = negativeLogPosterior({ family, targets, priors });
  const bounds = {
    low: [log(0.05), log(0.05), log(1e-3), log(1e-4)],
    high: [log(10), log(20), log(5), 0],
  };
  return minimizeInBox({ objective, start: [log(0.4), 0, log(0.2), log(0.05)], ...bounds, maxIterations: 40 }).point;
}

/** Of the logarithms; wide, since there are few observations at first. */
const priors: readonly LogPrior[] = [
  normalPrior(log(0.4), 1),
  normalPrior(0, 1),
  // a tenth of the correlation is lost per generation: what was learned wears off, but slowly
  normalPrior(log(0.2), 1),
  normalPrior(log(0.05), 1.5),
];
