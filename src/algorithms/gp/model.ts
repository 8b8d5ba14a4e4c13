import { exp } from "../../math/exp-log.js";
import type { Trial } from "../../trial/trial.js";
import type { Observations } from "../observations.js";
import { remember } from "../remember.js";
import type { Axis } from "./axes.js";
import { chooseRows, gatherRows } from "./choose-rows.js";
import { fitHyperparameters, type Hyperparameters } from "./fit.js";
import { explainedShare } from "./leave-one-out.js";
import { maternFamily, maternKernel } from "./matern.js";
import { appendPoints, emptyRegression, type Regression, solveTargets } from "./posterior.js";
import { type Fit, fitAt } from "./schedule.js";
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

interface Inputs {
  readonly axes: readonly Axis[];
  readonly observations: Observations;
  readonly transform: TargetTransform;
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
  const { observations, transform } = inputs;
  const { points, size, count, objectives } = observations;
  const hyperparameters = hyperparametersOf(fit, inputs);
  const rows = chooseRows({ points, size, objectives, count, limit: maxModelledRows });
  const targets = targetsOf(gatherRows(objectives, rows, 1), transform);
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
  const { axes, observations, transform, cache } = inputs;
  const fit = fitAt(observations.count);
  const hyperparameters = hyperparametersOf(fit, inputs);
  const known = cache.get("gp explained") as Explained | undefined;
  if (known?.hyperparameters === hyperparameters) return known.share;
  const { rows, points, targets } = fittedData(fit, { observations, transform });
  const regression = emptyRegression(kernelOf(hyperparameters, axes));
  appendPoints(regression, points, rows.length);
  const share = explainedShare(regression, targets);
  cache.set("gp explained", { hyperparameters, share } satisfies Explained);
  return share;
}

interface Explained {
  readonly hyperparameters: Hyperparameters;
  readonly share: number;
}

/** What a fit sees: `rows` of the history, with `points` of shape (n × d) and `targets` of shape (n). */
function fittedData(fit: Fit, { observations, transform }: Pick<Inputs, "observations" | "transform">) {
  const { points, size, objectives } = observations;
  const rows = chooseRows({ points, size, objectives, count: fit.length, limit: maxFittedRows });
  const targets = targetsOf(gatherRows(objectives, rows, 1), transform);
  return { rows, points: gatherRows(points, rows, size), targets };
}

/** What a fit made of the first trials; the last of them tells whether this is still their history. */
interface Fitted {
  readonly lastTrial: Trial;
  readonly hyperparameters: Hyperparameters;
}

function hyperparametersOf(fit: Fit, inputs: Inputs): Hyperparameters {
  const { axes, observations, transform, cache } = inputs;
  const fits = remember(cache, { name: "gp fits", make: () => new Map<number, Fitted>() });
  const lastTrial = observations.trials[fit.length - 1]!;
  const known = fits.get(fit.length);
  if (known?.lastTrial === lastTrial) return known.hyperparameters;
  const before = fit.before === undefined ? undefined : hyperparametersOf(fit.before, inputs);
  const { rows, points, targets } = fittedData(fit, { observations, transform });
  const family = maternFamily(points, rows.length, categoriesOf(axes));
  const hyperparameters = fitHyperparameters({ family, size: axes.length, targets, before });
  fits.set(fit.length, { lastTrial, hyperparameters });
  return hyperparameters;
}

function categoriesOf(axes: readonly Axis[]): readonly boolean[] {
  return axes.map(({ isCategory }) => isCategory);
}

interface Grown {
  readonly hyperparameters: Hyperparameters;
  /** Of the observations in the regression, the last. */
  readonly lastTrial: Trial | undefined;
  readonly regression: Regression;
}

interface RegressionInputs extends Omit<Inputs, "transform"> {
  readonly hyperparameters: Hyperparameters;
}

function regressionOf(rows: Int32Array, { axes, observations, cache, hyperparameters }: RegressionInputs): Regression {
  const { points, size, trials, count } = observations;
  const known = cache.get("gp regression") as Grown | undefined;
  const isPrefix =
    known?.hyperparameters === hyperparameters &&
    rows.length === count &&
    known.regression.count <= count &&
    known.lastTrial === trials[known.regression.count - 1];
  // an append that fails leaves nothing of use behind
  cache.delete("gp regression");
  const regression = isPrefix ? known.regression : emptyRegression(kernelOf(hyperparameters, axes));
  const fresh = rows.subarray(regression.count);
  appendPoints(regression, gatherRows(points, fresh, size), fresh.length);
  if (rows.length === count) cache.set("gp regression", { hyperparameters, lastTrial: trials[count - 1], regression });
  return regression;
}

function kernelOf(hyperparameters: Hyperparameters, axes: readonly Axis[]) {
  const size = axes.length;
  const kernel = maternKernel(hyperparameters, categoriesOf(axes));
  return { kernel, noise: exp(hyperparameters[size + 1]!), size };
}
