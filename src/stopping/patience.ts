import { requireNumber } from "./options.js";
import { defineStoppingRule } from "./stopping-rule.js";

interface PatienceOptions {
  /** Reports in a row without an improvement. */
  readonly patience: number;
  /** What counts as one. */
  readonly min_delta: number;
}

export default defineStoppingRule<PatienceOptions>({
  summary: "Stops a trial that has not improved for so many reports; looks at no other trial.",
  source: "Prechelt 1998, Early Stopping - But When?, https://doi.org/10.1007/3-540-49430-8_3",
  defaults: { patience: 10, min_delta: 0 },
  basis: "trial",
  check: ({ patience, min_delta }) => {
    requireNumber("patience: patience", patience, { from: 1, isWhole: true });
    requireNumber("patience: min_delta", min_delta, { from: 0 });
  },
  judge: ({ options, curve }) => {
    let best = Number.POSITIVE_INFINITY;
    let since = 0;
    for (const value of curve.values) {
      const isBetter = value < best - options.min_delta;
      since = isBetter ? 0 : since + 1;
      if (isBetter) best = value;
    }
    return since < options.patience ? undefined : `it has not improved for ${since} reports`;
  },
});
