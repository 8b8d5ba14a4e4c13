import { expm1, log, log1p } from "../../math/exp-log.js";
import { normalQuantile } from "../../math/normal.js";

/**
 * How objectives become targets, by smooth functions (so that a smooth objective stays one) or by their order.
 *
 * - `plain`: as they are. A quadratic function stays one.
 * - `softened`: beyond the upper quartile only the logarithm of the excess counts: a run that diverged to 1e10 says no more
 *   than that it is bad, and would squeeze all others into one value.
 * - `power`: those after the power transform that makes them look most normal: it spreads what is still skewed.
 * - `ranks`: nothing but the order is kept: wherever the search has come to, the best results are told apart, on functions
 *   too whose valley is a thousand times as steep on one side.
 */
export type TargetTransform = "plain" | "softened" | "power" | "ranks";

/** Objectives as a Gaussian process likes them: mean 0, variance 1. */
export interface Targets {
  /** Shape (n); all 0 when no two finite objectives differ. */
  readonly values: Float64Array;
  /**
   * Σ ln of the derivatives of the transform at the objectives, up to a constant that all transforms share; 0 for ranks. A
   * density of targets times their product is one of the objectives, in which transforms can be compared.
   */
  readonly logSlope: number;
}

/**
 * What has no finite objective counts as the worst that has one. None of it depends on scale or offset.
 *
 * @param objectives - Shape (n); Infinity where there is none.
 */
export function targetsOf(objectives: Float64Array, transform: TargetTransform): Targets {
  const sorted = objectives.filter(Number.isFinite).sort();
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (best === undefined || worst === undefined || best === worst) {
    return { values: new Float64Array(objectives.length), logSlope: 0 };
  }
  const values = objectives.map((objective) => (Number.isFinite(objective) ? objective : worst));
  if (transform === "ranks") return { ...standardized({ values: normalScores(values), logSlope: 0 }), logSlope: 0 };
  if (transform === "plain") return standardized(softened(values, best, worst, worst));
  const quartile = sorted[Math.floor(0.75 * (sorted.length - 1))]!;
  const soft = standardized(softened(values, best, quartile > best ? quartile : worst, worst));
  return transform === "softened" ? soft : standardized(powerTransformed(soft));
}

/**
 * What a normal distribution has at their ranks, Φ⁻¹((r − ½) / n); equal objectives have the mean of their ranks.
 *
 * @see Blom 1958, "Statistical Estimates and Transformed Beta-Variables": Φ⁻¹((r − α) / (n − 2α + 1)), here with α = ½
 */
function normalScores(values: Float64Array): Float64Array {
  const count = values.length;
  const order = Int32Array.from(values, (_, i) => i).sort((a, b) => (values[a]! < values[b]! ? -1 : 1));
  const scores = new Float64Array(count);
  for (let first = 0, next = 0; first < count; first = next) {
    while (next < count && values[order[next]!] === values[order[first]!]) next++;
    const score = normalQuantile((first + next) / 2 / count);
    for (let at = first; at < next; at++) scores[order[at]!] = score;
  }
  return scores;
}

/** Linear from `best` at 0 to `edge` at 1, and beyond that one more than the logarithm of the excess. */
function softened(objectives: Float64Array, best: number, edge: number, worst: number): Targets {
  // halved: the difference of ±1e308 would overflow
  const unit = edge / 2 - best / 2;
  // of the linear part, for targets between 0 and 1 if all of it were linear
  let logSlope = objectives.length * (log(worst / 2 - best / 2) - log(unit));
  const values = objectives.map((value) => {
    if (value <= edge) return (value / 2 - best / 2) / unit;
    const excess = log1p(Math.min((value / 2 - edge / 2) / unit, Number.MAX_VALUE));
    logSlope -= excess; // the derivative of ln(1 + x) is 1 / (1 + x)
    return 1 + excess;
  });
  return { values, logSlope };
}

/** Mean 0 and variance 1; all 0 when no two values differ. */
function standardized({ values, logSlope }: Targets): Targets {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += ((value - mean) * (value - mean)) / values.length;
  const deviation = Math.sqrt(variance);
  if (!(deviation > 0)) return { values: new Float64Array(values.length), logSlope: 0 };
  return {
    values: values.map((value) => (value - mean) / deviation),
    logSlope: logSlope - values.length * log(deviation),
  };
}

/** Steps of the golden section: they leave 2e-8 of the interval. */
const sectionSteps = 36;
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The power transform whose values look most normal, chosen by maximum likelihood.
 *
 * @see Cowen-Rivers et al. 2022, "HEBO", https://arxiv.org/abs/2012.03826
 * @see Yeo & Johnson 2000, "A new family of power transformations", eq. 2.1 and §3, https://doi.org/10.1093/biomet/87.4.954
 */
function powerTransformed({ values, logSlope }: Targets): Targets {
  let logSum = 0;
  for (const value of values) logSum += Math.sign(value) * log1p(Math.abs(value));
  const cost = (power: number) => 0.5 * values.length * logVariance(values, power) - (power - 1) * logSum;
  let low = -2;
  let high = 2;
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let [costLeft, costRight] = [cost(left), cost(right)];
  for (let step = 0; step < sectionSteps; step++) {
    if (costLeft < costRight) {
      [high, right, costRight] = [right, left, costLeft];
      left = high - golden * (high - low);
      costLeft = cost(left);
    } else {
      [low, left, costLeft] = [left, right, costRight];
      right = low + golden * (high - low);
      costRight = cost(right);
    }
  }
  const power = (low + high) / 2;
  return {
    values: values.map((value) => yeoJohnson(value, power)),
    logSlope: logSlope + (power - 1) * logSum,
  };
}

function logVariance(values: Float64Array, power: number): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    const transformed = yeoJohnson(value, power);
    sum += transformed / values.length;
    squares += (transformed * transformed) / values.length;
  }
  return log(Math.max(squares - sum * sum, 1e-300));
}

function yeoJohnson(value: number, power: number): number {
  if (value < 0) return -boxCox(-value, 2 - power);
  return boxCox(value, power);
}

/** ((1 + x)^λ − 1) / λ, and its limit at λ = 0. */
function boxCox(x: number, power: number): number {
  const logarithm = log1p(x);
  return Math.abs(power) < 1e-9 ? logarithm : expm1(power * logarithm) / power;
}
