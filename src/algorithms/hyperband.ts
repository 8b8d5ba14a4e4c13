import { defineAlgorithm } from "./algorithm.js";
import { suggestInBrackets } from "./multi-fidelity/brackets.js";
import { fidelityOf, requireReduction } from "./multi-fidelity/fidelity.js";
import { newConfiguration } from "./multi-fidelity/new-configuration.js";
import { checkRepetitions } from "./multi-fidelity/repetitions.js";
import { hyperbandBrackets } from "./multi-fidelity/rung-plan.js";

interface HyperbandOptions {
  /** Times that all brackets are run; `null` for no end. */
  readonly repetitions: number | null;
}

export default defineAlgorithm<HyperbandOptions>({
  summary: "Hyperband: successive halving in several brackets, from many short trials to few long ones.",
  paper: "Li et al. 2018, https://jmlr.org/papers/v18/16-558.html",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: { repetitions: null },
  basis: "history",
  check: ({ repetitions }, space) => {
    requireReduction("hyperband", space);
    checkRepetitions("hyperband", repetitions);
    hyperbandBrackets(fidelityOf(space));
  },
  suggest: (context) => suggestInBrackets(context, { configure: () => newConfiguration(context) }),
});
