import { exp } from "../../math/exp-log.js";
import type { Trial } from "../../trial/trial.js";
import type { Observations } from "../observations.js";
import { remember } from "../remember.js";
import type { Axis } from "./axes.js";
import { chooseRows, gatherRows } from "./choose-rows.js";
import { type Fitted, fitHyperparameters, type Hyperparameters } from "./fit.js";
import type { Kernel, KernelFamily } from "./kernel.js";
import { explainedShare } from "./leave-one-out.js";
import { maternFamily, maternKernel } from "./matern.js";
import { appendPoints, emptyRegression, type Regression, solveTargets } from "./posterior.js";
import { type Frame, quadraticFamily, quadraticKernel } from "./quadratic.js";
import { type Fit, fitAt } from "./schedule.js";
import { sumFamily, sumKernel } from "./sum-kernel.js";
import { type TargetTransform, targetsOf } from "./targets.js";

/** A Gaussian process that has seen a history. */
export interface Model {
  /** Length scales, shape (d). */
  readonly scales: Float64Array;
  /** Belongs to the cache: append to a copy. */
  readonly regression: Regression;
  /** α = K⁻¹ y, shape (n). */
  readonly alpha: Float64Array;
  /** The least posterior mean at an observed point. */
  readonly best: number;
  /** The observed points with the least posterior means, best first, each of shape (d). */
  readonly incumbents: readonly Float64Array[];
}

/** A transform of the objectives, or `likely`: the one under which model and objectives are most likely. */
export type TargetChoice = TargetTransform | "likely";

interface Inputs {
  readonly axes: readonly Axis[];
  /** Of the quadratic part. */
  readonly frame: Frame;
  readonly observations: Observations;
  readonly targets: TargetChoice;
  readonly cache: Map<string, unknown>;
}

/** Observations that a prediction uses at most: it costs their square. */
const maxModelledRows = 400;
/** Observations that a fit uses at most: each of its few dozen steps costs their cube. */
const maxFittedRows = 160;
const incumbentCount = 4;

/**
 * The model of some finished trials, of which there is at least one: a function of these alone.
 *
 * The hyperparameters are those of the fit that is asked for. The targets are always those of now, since they cost
 * little. The factor of the covariances grows with the history, row by row, which gives the same numbers as one that is
 * computed from scratch (see `cholesky.ts`).
 */
export function modelOf({ fit, ...inputs }: Inputs & { readonly fit: Fit }): Model {
  const { observations } = inputs;
  const { points, size, count, objectives } = observations;
  const { hyperparameters, transform } = fitOf(fit, inputs);
  const rows = chooseRows({ points, size, objectives, count, limit: maxModelledRows });
  const targets = targetsOf(gatherRows(objectives, rows, 1), transform).values;
  const regression = regressionOf(rows, { ...inputs, hyperparameters });
  const alpha = solveTargets(regression, targets);
  // K α = y, and without the noise on the diagonal of K it is the mean
  const means = targets.map((target, i) => target - regression.noise * alpha[i]!);
  const order = [...means.keys()].sort((a, b) => means[a]! - means[b]! || a - b);
  return {
    scales: hyperparameters.subarray(0, size).map(exp),
    regression,
    alpha,
    best: means[order[0]!]!,
    incumbents: order.slice(0, incumbentCount).map((i) => regression.points.slice(i * size, (i + 1) * size)),
  };
}

/** How well the model knows the function, see `explainedShare`: as of the last fit that was due, so it mostly costs nothing. */
export function explainedBy(inputs: Inputs): number {
  const { observations, cache } = inputs;
  const fit = fitAt(observations.count);
  const { hyperparameters, transform } = fitOf(fit, inputs);
  const known = cache.get("gp explained") as Explained | undefined;
  if (known?.hyperparameters === hyperparameters) return known.share;
  const { rows, points, targets } = fittedData(fit, observations, transform);
  const regression = emptyRegression(regressionSetup(hyperparameters, inputs));
  appendPoints(regression, points, rows.length);
  const share = explainedShare(regression, targets.values);
  cache.set("gp explained", { hyperparameters, share } satisfies Explained);
  return share;
}

interface Explained {
  readonly hyperparameters: Hyperparameters;
  readonly share: number;
}

/** What a fit sees: `rows` of the history, with `points` of shape (n × d), and n targets. */
function fittedData(fit: Fit, { points, size, objectives }: Observations, transform: TargetTransform) {
  const rows = chooseRows({ points, size, objectives, count: fit.length, limit: maxFittedRows });
  const targets = targetsOf(gatherRows(objectives, rows, 1), transform);
  return { rows, points: gatherRows(points, rows, size), targets };
}

/** What a fit made of the first trials; the last of them tells whether this is still their history. */
interface KnownFit extends Fitted {
  readonly transform: TargetTransform;
  readonly lastTrial: Trial;
}

/** In the order in which they are preferred where nothing tells them apart. */
const smoothTransforms = ["power", "softened", "plain"] as const;

/**
 * The fit with the transform that was asked for, or with the smooth one of the highest evidence. Some functions are
 * quadratic as they are and nothing of the kind after a transform; others are the reverse. docs/experiments.md has what
 * the choice gains. A fit that starts from an earlier one keeps its transform; else the first transform is fitted from
 * the prior alone, and the others from where that ended, which costs a third.
 *
 * @see Snelson et al. 2003, "Warped Gaussian Processes", §3, https://papers.nips.cc/paper/2481 (the likelihood of a transform)
 */
function fitOf(fit: Fit, inputs: Inputs): KnownFit {
  const { observations, targets, cache } = inputs;
  const fits = remember(cache, { name: "gp fits", make: () => new Map<number, KnownFit>() });
  const lastTrial = observations.trials[fit.length - 1]!;
  const known = fits.get(fit.length);
  if (known?.lastTrial === lastTrial) return known;
  const before = fit.before && fitOf(fit.before, inputs);
  const [preferred, ...others] = targets === "likely" ? smoothTransforms : [targets];
  const first = fitTransformed(fit, { transform: before?.transform ?? preferred, before }, inputs);
  let best = first;
  if (before === undefined) {
    for (const transform of others) {
      const other = fitTransformed(fit, { transform, before: first }, inputs);
      if (other.logPosterior > best.logPosterior) best = other;
    }
  }
  const fitted = { ...best, lastTrial };
  fits.set(fit.length, fitted);
  return fitted;
}

interface Beginning {
  readonly transform: TargetTransform;
  readonly before: Fitted | undefined;
}

/** `logPosterior` is that of the objectives, whatever became of them. */
function fitTransformed(fit: Fit, { transform, before }: Beginning, { axes, frame, observations }: Inputs) {
  const { rows, points, targets } = fittedData(fit, observations, transform);
  const { hyperparameters, logPosterior } = fitHyperparameters({
    family: familyOn(points, rows.length, { axes, frame }),
    size: axes.length,
    targets: targets.values,
    isQuadratic: transform !== "ranks", // docs/experiments.md has what rugged functions lose by it
    before: before?.hyperparameters,
  });
  return { transform, hyperparameters, logPosterior: logPosterior + targets.logSlope };
}

interface Grown {
  readonly hyperparameters: Hyperparameters;
  /** Of the observations in the regression, the last. */
  readonly lastTrial: Trial | undefined;
  readonly regression: Regression;
}

interface RegressionInputs extends Omit<Inputs, "targets"> {
  readonly hyperparameters: Hyperparameters;
}

function regressionOf(rows: Int32Array, inputs: RegressionInputs): Regression {
  const { observations, cache, hyperparameters } = inputs;
  const { points, size, trials, count } = observations;
  const known = cache.get("gp regression") as Grown | undefined;
  const isPrefix =
    known?.hyperparameters === hyperparameters &&
    rows.length === count &&
    known.regression.count <= count &&
    known.lastTrial === trials[known.regression.count - 1];
  // an append that fails leaves nothing of use behind
  cache.delete("gp regression");
  const regression = isPrefix ? known.regression : emptyRegression(regressionSetup(hyperparameters, inputs));
  const fresh = rows.subarray(regression.count);
  appendPoints(regression, gatherRows(points, fresh, size), fresh.length);
  if (rows.length === count) cache.set("gp regression", { hyperparameters, lastTrial: trials[count - 1], regression });
  return regression;
}

type Shape = Pick<Inputs, "axes" | "frame">;

/** The kernel with hyperparameters that were fitted to `familyOn`. */
function regressionSetup(hyperparameters: Hyperparameters, { axes, frame }: Shape) {
  const size = axes.length;
  const matern = maternKernel(hyperparameters, categoriesOf(axes));
  const quadratic = quadraticKernel(hyperparameters[size + 1]!, frame);
  const kernel: Kernel = sumKernel(matern, quadratic);
  return { kernel, noise: exp(hyperparameters[size + 2]!), size };
}

function familyOn(points: Float64Array, count: number, { axes, frame }: Shape): KernelFamily {
  const matern = maternFamily(points, count, categoriesOf(axes));
  return sumFamily(matern, quadraticFamily(points, count, frame), count);
}

function categoriesOf(axes: readonly Axis[]): readonly boolean[] {
  return axes.map(({ isCategory }) => isCategory);
}
