import { bestOf, lastStep, valueAt } from "./curves.js";
import { requireNumber } from "./options.js";
import { defineStoppingRule, type Ranking, type StoppingQuestion } from "./stopping-rule.js";

export interface PercentileOptions {
  /** The best so many percent of the trials go on. */
  readonly percentile: number;
  /** Nothing is stopped before so many other trials have come as far. */
  readonly n_startup_trials: number;
  /** Nothing is stopped before this step. */
  readonly n_warmup_steps: number;
}

export default defineStoppingRule<PercentileOptions>({
  summary: "Stops a trial whose best value is not among the best percent that others had at the same step.",
  source: "Golovin et al. 2017, Google Vizier, https://doi.org/10.1145/3097983.3098043",
  defaults: { percentile: 25, n_startup_trials: 5, n_warmup_steps: 0 },
  basis: "experiment",
  check: (options) => checkPercentile("percentile", options),
  judge: judgePercentile,
});

/** @throws {UsageError} */
export function checkPercentile(rule: string, options: PercentileOptions): void {
  requireNumber(`${rule}: percentile`, options.percentile, { from: 0, to: 100 });
  requireNumber(`${rule}: n_startup_trials`, options.n_startup_trials, { from: 1, isWhole: true });
  requireNumber(`${rule}: n_warmup_steps`, options.n_warmup_steps, { from: 0 });
}

export function judgePercentile({ options, curve, others }: StoppingQuestion<PercentileOptions>): string | undefined {
  const step = lastStep(curve);
  if (step < options.n_warmup_steps) return undefined;
  const there = others.rank(`at step ${step}`, (other) => valueAt(other, step));
  if (there.count < options.n_startup_trials) return undefined;
  if (!(bestOf(curve) > quantile(there, options.percentile / 100))) return undefined;
  return `its best value is worse than what the best ${options.percentile} % of ${there.count} trials had at step ${step}`;
}

/** Between the two nearest of the values, in proportion; NaN between −∞ and ∞, which nothing is worse than. */
function quantile(values: Ranking, share: number): number {
  const position = share * (values.count - 1);
  const [low, high] = [values.at(Math.floor(position)), values.at(Math.ceil(position))];
  // each by itself: of low and a part of their difference, −∞ and −1e308 would make NaN and ∞
  return low === high ? low : (1 - (position % 1)) * low + (position % 1) * high;
}
