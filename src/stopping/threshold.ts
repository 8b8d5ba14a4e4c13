import { UsageError } from "../errors.js";
import { lastStep } from "./curves.js";
import { requireNumber } from "./options.js";
import { defineStoppingRule } from "./stopping-rule.js";

interface ThresholdOptions {
  /** In the user's own sign; `null` for no limit. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Nothing is stopped before this step. */
  readonly n_warmup_steps: number;
}

export default defineStoppingRule<ThresholdOptions>({
  summary: "Stops a trial whose value leaves the limits, or is not a number; looks at no other trial.",
  source: "Akiba et al. 2019, Optuna's ThresholdPruner, https://doi.org/10.1145/3292500.3330701",
  defaults: { lower: null, upper: null, n_warmup_steps: 0 },
  basis: "trial",
  check: ({ lower, upper, n_warmup_steps }) => {
    const limits = [lower, upper].filter((limit) => limit !== null);
    for (const limit of limits) requireNumber("threshold: a limit", limit, { from: Number.NEGATIVE_INFINITY });
    requireNumber("threshold: n_warmup_steps", n_warmup_steps, { from: 0 });
    if (limits.length > 0) return;
    throw new UsageError("The stopping rule threshold has no limit.", "Give it one: threshold:upper=10.");
  },
  judge: ({ options, curve, sign }) => {
    const { lower, upper, n_warmup_steps } = options;
    if (lastStep(curve) < n_warmup_steps) return undefined;
    const value = sign * curve.values[curve.values.length - 1]!;
    if (Number.isNaN(value)) return "its value is not a number";
    if (upper !== null && value > upper) return `its value ${value} is above ${upper}`;
    return lower !== null && value < lower ? `its value ${value} is below ${lower}` : undefined;
  },
});
