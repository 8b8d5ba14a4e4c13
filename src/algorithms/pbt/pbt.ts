import type { Space } from "../../space/dimension.js";
import type { Trial } from "../../trial/trial.js";
import { defineAlgorithm } from "../algorithm.js";
import { fidelityOf } from "../multi-fidelity/fidelity.js";
import { checkOptions, countFrom, positiveNumber } from "../option-rules.js";
import { remember } from "../remember.js";
import { readExploit } from "./exploit.js";
import { readExplore } from "./explore.js";
import { resourcesOfGenerations } from "./generations.js";
import { suggestForPopulation } from "./population.js";

interface PbtOptions {
  readonly population_size: number;
  /** How often the fidelity is raised on the way from low to high. */
  readonly generations: number;
  /** See `readExploit`. */
  readonly exploit: unknown;
  /** See `readExplore`. */
  readonly explore: unknown;
  /** Accepted for configurations that have it: here nobody waits for another configuration to be found. */
  readonly fork_timeout: number;
}

/** As Oríon has it. */
export const defaultExploit = {
  of_type: "PipelineExploit",
  exploit_configs: [
    { of_type: "BacktrackExploit", min_forking_population: 5, truncation_quantile: 0.9, candidate_pool_ratio: 0.2 },
    { of_type: "TruncateExploit", min_forking_population: 5, truncation_quantile: 0.8, candidate_pool_ratio: 0.2 },
  ],
};

const defaultExplore = {
  of_type: "PipelineExplore",
  explore_configs: [
    { of_type: "ResampleExplore", probability: 0.2 },
    { of_type: "PerturbExplore", factor: 1.2, volatility: 0.0001 },
  ],
};

/** Tries of another configuration before a trial goes on as it is. */
const mostForks = 50;

/** A schedule of parameters is found while the models train: bad ones give up, and go on as copies of good ones. */
export default defineAlgorithm<PbtOptions>({
  summary: "Population based training: bad members go on from checkpoints of good ones, with other parameters.",
  paper: "Jaderberg et al. 2017, https://arxiv.org/abs/1711.09846",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: {
    population_size: 50,
    generations: 10,
    exploit: defaultExploit,
    explore: defaultExplore,
    fork_timeout: 60,
  },
  basis: "history",
  check: (options, space) => {
    checkPopulation("pbt", options, space);
    readExploit(options.exploit, "pbt: exploit");
    readExplore(options.explore, "pbt: explore");
  },
  suggest: (context) => {
    const { space, options, rng, cache } = context;
    const { resources, exploit, explore } = remember(cache, {
      name: "pbt plan",
      make: () => ({
        resources: resourcesOfGenerations("pbt", fidelityOf(space), options.generations),
        exploit: readExploit(options.exploit, "pbt: exploit"),
        explore: readExplore(options.explore, "pbt: explore"),
      }),
    });
    const forks = function* ({ params }: Trial) {
      for (let fork = 0; fork < mostForks; fork++) yield explore(params, { space, rng });
    };
    return suggestForPopulation(
      { ...context, options: {} },
      {
        populationSize: options.population_size,
        resources,
        exploit,
        explore: forks,
      },
    );
  },
});

/** @throws {UsageError} for a population that cannot be, or generations that the fidelity has no room for. */
export function checkPopulation(
  algorithm: string,
  options: Pick<PbtOptions, "population_size" | "generations" | "fork_timeout">,
  space: Space,
): void {
  checkOptions(algorithm, options, {
    population_size: countFrom(1),
    generations: countFrom(1),
    fork_timeout: positiveNumber,
  });
  resourcesOfGenerations(algorithm, fidelityOf(space), options.generations);
}
