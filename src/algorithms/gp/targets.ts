import { expm1, log, log1p } from "../../math/exp-log.js";
import { normalQuantile } from "../../math/normal.js";

/** How objectives become targets. */
export type TargetTransform = "power" | "ranks";

/**
 * Objectives as a Gaussian process likes them: mean 0, variance 1, nearly normal. What has no finite objective counts as
 * the worst that has one. None of it depends on scale or offset.
 *
 * `power` is smooth, so that a smooth function stays one. `ranks` keeps nothing but the order: wherever the search has
 * come to, the best results are told apart, on functions too whose valley is a thousand times as steep on one side.
 *
 * @param objectives - Shape (n); Infinity where there is none.
 * @returns Shape (n); all 0 when no two finite objectives differ.
 */
export function targetsOf(objectives: Float64Array, transform: TargetTransform): Float64Array {
  const sorted = objectives.filter(Number.isFinite).sort();
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (best === undefined || worst === undefined || best === worst) return new Float64Array(objectives.length);
  const values = objectives.map((objective) => (Number.isFinite(objective) ? objective : worst));
  if (transform === "ranks") return standardized(normalScores(values));
  return standardized(powerTransformed(standardized(softened(values, sorted))));
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

/**
 * Beyond the upper quartile only the logarithm of the excess counts: a run that diverged to 1e10 says no more than that it
 * is bad, and would squeeze all others into one value.
 *
 * @param sorted - Those that are known, of which at least two differ.
 */
function softened(values: Float64Array, sorted: Float64Array): Float64Array {
  const best = sorted[0]!;
  const quartile = sorted[Math.floor(0.75 * (sorted.length - 1))]!;
  const edge = quartile > best ? quartile : sorted.at(-1)!;
  // halved: the difference of ±1e308 would overflow
  const unit = edge / 2 - best / 2;
  return values.map((value) => {
    if (value <= edge) return (value / 2 - best / 2) / unit;
    return 1 + log1p(Math.min((value / 2 - edge / 2) / unit, Number.MAX_VALUE));
  });
}

/** Mean 0 and variance 1; all 0 when no two values differ. */
function standardized(values: Float64Array): Float64Array {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += ((value - mean) * (value - mean)) / values.length;
  const deviation = Math.sqrt(variance);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}

/** Steps of the golden section: they leave 2e-8 of the interval. */
const sectionSteps = 36;
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The power transform whose values look most normal, chosen by maximum likelihood: it spreads what is still skewed.
 *
 * @see Cowen-Rivers et al. 2022, "HEBO", https://arxiv.org/abs/2012.03826
 * @see Yeo & Johnson 2000, "A new family of power transformations", eq. 2.1 and §3, https://doi.org/10.1093/biomet/87.4.954
 */
function powerTransformed(values: Float64Array): Float64Array {
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
  return values.map((value) => yeoJohnson(value, power));
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
