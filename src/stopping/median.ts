import { checkPercentile, judgePercentile } from "./percentile.js";
import { defineStoppingRule } from "./stopping-rule.js";

interface MedianOptions {
  readonly n_startup_trials: number;
  readonly n_warmup_steps: number;
}

export default defineStoppingRule<MedianOptions>({
  summary: "Stops a trial whose best value is worse than the median of the others at the same step.",
  source: "Golovin et al. 2017, Google Vizier, https://doi.org/10.1145/3097983.3098043",
  defaults: { n_startup_trials: 5, n_warmup_steps: 0 },
  basis: "experiment",
  check: (options) => checkPercentile("median", { ...options, percentile: 50 }),
  judge: (question) => judgePercentile({ ...question, options: { ...question.options, percentile: 50 } }),
});
