import { sampleNormal } from "../../math/sample-normal.js";
import { maxSobolDimensions, scrambledSobol } from "../../math/sobol.js";
import { enumerable } from "../../space/cardinality.js";
import type { Params } from "../../space/dimension.js";
import { fromUnit } from "../../space/unit-cube.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "../algorithm.js";
import { checkOptions, countFrom, numberFrom, oneOf, orNull } from "../option-rules.js";
import { remember } from "../remember.js";
import { suggestUntried } from "../untried.js";
import { drawCategory } from "./categories.js";
import { type CmaOptions, type CmaState, stateAfter } from "./fold.js";
import { pointFrom } from "./gaussian.js";
import { coordinateOfCategory, type SearchModel, searchModelOf } from "./search-model.js";

export default defineAlgorithm<CmaOptions>({
  summary: "CMA-ES: learns the shape of the valley; for hundreds of trials or more.",
  paper: "Hansen 2016, https://arxiv.org/abs/1604.00772; Hamano et al. 2022, https://arxiv.org/abs/2205.13482",
  requires: {},
  defaults: { sigma0: 0.15, popsize: null, restart_strategy: "bipop", inc_popsize: 2 },
  basis: "history",
  check: (options) => checkOptions("cmaes", options, rules),
  suggest: (context) => {
    const state = stateAfter(context);
    const suggestion = suggestNew(context, proposals(context, state));
    if (suggestion.kind !== "params") return suggestion;
    return { ...suggestion, facts: { algorithm: "cmaes", generation: state.generation } };
  },
});

/**
 * In a space without end equal points are rare, and the storage finds them; then the next attempt looks for itself. To
 * look at each first attempt would be half of its cost.
 */
function suggestNew(context: SuggestContext<CmaOptions>, candidates: Iterable<Params>): Suggestion {
  if (context.attempt > 0 || Number.isFinite(enumerable(context.space))) return suggestUntried(context, candidates);
  const [params] = candidates;
  return { kind: "params", params: params! };
}

/** Draws of ever wider distributions, until one of them is new: a step that has become too small makes equal points. */
function* proposals(context: SuggestContext<CmaOptions>, { run }: CmaState): Generator<Params> {
  const model = remember(context.cache, { name: "cmaes model", make: () => searchModelOf(context.space) });
  const { rng } = context;
  yield fromUnit(context.space, draw(run, { model, numbers: evenNumbers(context, model.size), width: 1 }));
  for (let doublings = 0; doublings < mostDoublings; doublings++) {
    yield fromUnit(context.space, draw(run, { model, numbers: () => rng.next(), width: 2 ** doublings }));
  }
}

const mostDoublings = 30;

/**
 * The numbers in (0, 1) from which a trial is drawn: a point of a Sobol sequence, by the number of the trial. Those of a
 * generation are spread more evenly than random ones, which makes a tenth to a half of the trials unnecessary.
 *
 * @see Teytaud & Gelly 2007, "DCMA: yet another derandomization in covariance-matrix-adaptation", https://doi.org/10.1145/1276958.1277150
 */
function evenNumbers(
  { cache, seed, trialNumber, attempt, rng }: SuggestContext<CmaOptions>,
  size: number,
): () => number {
  if (attempt > 0 || size > maxSobolDimensions) return () => rng.next();
  const sequence = remember(cache, { name: "cmaes sobol", make: () => scrambledSobol(size, seed, "cmaes") });
  const point = sequence(trialNumber - 1);
  let used = 0;
  return () => point[used++]!;
}

interface Draw {
  readonly model: SearchModel;
  /** Uniform numbers: one for each coordinate is used, or one more where it is 0. */
  readonly numbers: () => number;
  /** Times the deviations that the distribution has. */
  readonly width: number;
}

function draw({ gaussian, odds }: CmaState["run"], { model, numbers, width }: Draw): Float64Array {
  const { size, numeric, lowest, highest, categorical } = model;
  const point = new Float64Array(size);
  if (gaussian !== undefined) {
    const normals = new Float64Array(gaussian.n);
    for (let i = 0; i < gaussian.n; i++) normals[i] = width * sampleNormal({ next: numbers });
    const sample = pointFrom(gaussian, normals);
    // A coordinate outside of the cube moves to its end: an optimum on the boundary is found exactly.
    for (const [i, at] of numeric.entries()) point[at] = Math.min(highest[i]!, Math.max(lowest[i]!, sample[i]!));
  }
  for (const [i, coordinate] of categorical.entries()) {
    point[coordinate.coordinate] = coordinateOfCategory(coordinate, drawCategory(odds[i]!, numbers()));
  }
  return point;
}

const rules = {
  sigma0: numberFrom(1e-10, 1),
  popsize: orNull(countFrom(2)),
  restart_strategy: orNull(oneOf(["bipop", "ipop"])),
  inc_popsize: numberFrom(1, 100),
};
