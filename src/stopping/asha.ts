import { lastStep, rankOf, valueFrom } from "./curves.js";
import { requireNumber } from "./options.js";
import { type Curve, defineStoppingRule } from "./stopping-rule.js";

interface AshaOptions {
  /** The first rung. */
  readonly min_resource: number;
  /** η: each rung is so many times as far as the one before, and one trial in η goes on. */
  readonly reduction_factor: number;
}

/**
 * The stopping form of asynchronous successive halving: every trial starts as if it were to run to its end, and is
 * judged when it reaches a rung, against all that have reached it by then. The first ones go on.
 */
export default defineStoppingRule<AshaOptions>({
  summary: "Stops a trial at the rungs min_resource · η^k unless it is among the best 1/η that have come so far.",
  source: "Li et al. 2020, https://arxiv.org/abs/1810.05934, and Syne Tune's stopping variant",
  defaults: { min_resource: 1, reduction_factor: 3 },
  basis: "experiment",
  check: ({ min_resource, reduction_factor }) => {
    requireNumber("asha: min_resource", min_resource, { from: Number.MIN_VALUE });
    requireNumber("asha: reduction_factor", reduction_factor, { from: 2 });
  },
  judge: ({ options, curve, others }) => {
    const rung = rungReached(curve, options);
    if (rung === undefined) return undefined;
    const own = rankOf(curve.values[curve.values.length - 1]!);
    const arrived = others.rank(`from step ${rung}`, (other) => valueFrom(other, rung));
    const places = Math.max(1, Math.floor((arrived.count + 1) / options.reduction_factor));
    const betterCount = arrived.countBelow(own);
    if (betterCount < places) return undefined;
    return `${betterCount} of ${arrived.count} trials were better at step ${rung}, and ${places} may go on`;
  },
});

/** The highest rung that the last report has reached and the one before had not. */
function rungReached(curve: Curve, { min_resource, reduction_factor }: AshaOptions): number | undefined {
  const step = lastStep(curve);
  if (step < min_resource) return undefined;
  let rung = min_resource;
  while (rung * reduction_factor <= step) rung *= reduction_factor;
  const before = curve.steps[curve.steps.length - 2] ?? Number.NEGATIVE_INFINITY;
  return before < rung ? rung : undefined;
}
