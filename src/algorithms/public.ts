/** What the author of an algorithm needs: `orion-hpo/algorithms`. */
export { OrionError, UsageError } from "../errors.js";
export { keyedRng, type Rng } from "../math/rng.js";
export { type Coordinate, coordinatesOf } from "../space/coordinates.js";
export type { Dimension, Params, ParamValue, Space } from "../space/dimension.js";
export { fromUnit, toUnit, unitSize } from "../space/unit-cube.js";
export type { Facts, Trial } from "../trial/trial.js";
export {
  type Algorithm,
  defineAlgorithm,
  type SuggestContext,
  type SuggestedParams,
  type Suggestion,
} from "./algorithm.js";
export { type Observations, observationsOf, pendingPoints } from "./observations.js";
export { remember } from "./remember.js";
export { samplePrior } from "./sample-prior.js";
export { suggestUntried } from "./untried.js";
