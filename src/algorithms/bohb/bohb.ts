import { defineAlgorithm } from "../algorithm.js";
import { suggestInBrackets } from "../multi-fidelity/brackets.js";
import { fidelityOf, requireReduction } from "../multi-fidelity/fidelity.js";
import { newConfiguration } from "../multi-fidelity/new-configuration.js";
import { checkRepetitions } from "../multi-fidelity/repetitions.js";
import { hyperbandBrackets } from "../multi-fidelity/rung-plan.js";
import { checkOptions, countFrom, numberFrom, orNull, positiveNumber, wholeNumber } from "../option-rules.js";
import { readParallelStrategy } from "../parallel-strategy.js";
import { type ModelOptions, modelProposals } from "./model.js";

interface BohbOptions extends ModelOptions {
  /** The share of new configurations that is drawn from the prior, so that no model can lead astray for ever. */
  readonly random_fraction: number;
  /** Times that all brackets are run; `null` for no end. */
  readonly repetitions: number | null;
}

/** The brackets of Hyperband, whose new configurations come from a model of the best trials. */
export default defineAlgorithm<BohbOptions>({
  summary: "Hyperband that learns: new configurations come from densities of the good and the bad trials.",
  paper: "Falkner et al. 2018, https://arxiv.org/abs/1807.01774",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: {
    min_points_in_model: null,
    top_n_percent: 15,
    num_samples: 64,
    random_fraction: 1 / 3,
    bandwidth_factor: 3,
    min_bandwidth: 1e-3,
    parallel_strategy: null,
    repetitions: null,
  },
  basis: "history",
  check: (options, space) => {
    requireReduction("bohb", space);
    checkRepetitions("bohb", options.repetitions);
    checkOptions("bohb", options, rules);
    if (options.parallel_strategy !== null) readParallelStrategy(options.parallel_strategy, "bohb: parallel_strategy");
    hyperbandBrackets(fidelityOf(space));
  },
  suggest: (context) => {
    const { options, rng } = context;
    const configure = ({ resource }: { readonly resource: number }) => {
      const isRandom = rng.next() < options.random_fraction;
      return newConfiguration(context, isRandom ? [] : modelProposals(context, resource));
    };
    return suggestInBrackets(context, { configure });
  },
});

const rules = {
  min_points_in_model: orNull(wholeNumber(1)),
  top_n_percent: numberFrom(1, 99),
  num_samples: countFrom(1),
  random_fraction: numberFrom(0, 1),
  bandwidth_factor: positiveNumber,
  min_bandwidth: positiveNumber,
};
