import { NumericalError } from "../../errors.js";
import { enumerable } from "../../space/cardinality.js";
import { coordinatesOf } from "../../space/coordinates.js";
import type { Space } from "../../space/dimension.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { rememberAxes } from "../gp/axes.js";
import { explainedBy } from "../gp/model.js";
import { wholeFrame } from "../gp/region.js";
import { observationsOf, shareObservations } from "../observations.js";
import { remember } from "../remember.js";
import { isHalving } from "./halving.js";
import { memberCache } from "./members.js";
import { progressOf } from "./progress.js";

/** All that the choice of a member depends on. */
export interface Situation extends Shape {
  readonly trialNumber: number;
  readonly attempt: number;
  readonly maxTrials: number;
  /** n, the finished trials that a member would see. */
  readonly finishedCount: number;
  /** Those of them with a finite objective. */
  readonly knownCount: number;
  /** Finished trials since the best result has clearly improved. */
  readonly sinceBetter: number;
  /** Milliseconds that a trial takes, the median of the latest ones; `undefined` when nobody can tell. */
  readonly trialMs: number | undefined;
  /** How well a Gaussian process knows the function, see `explainedShare`. It costs a model, so it is a question. */
  readonly explained: () => number;
}

/** What follows from the space. */
interface Shape {
  /** d, the coordinates of the unit cube. */
  readonly size: number;
  /** Different points; Infinity when a dimension is not finite. */
  readonly pointCount: number;
  /** Values of the categorical coordinate that has most of them; 0 without one. */
  readonly mostCategories: number;
  /** Trials have rungs, see `halving.ts`. */
  readonly isHalving: boolean;
}

type Inputs = Pick<SuggestContext, "space" | "history" | "trialNumber" | "attempt" | "maxTrials" | "cache">;

export function situationOf(context: Inputs): Situation {
  const { space, history, trialNumber, attempt, maxTrials, cache } = context;
  const progress = progressOf(context);
  return {
    ...remember(cache, { name: "shape", make: () => shapeOf(space) }),
    trialNumber,
    attempt,
    maxTrials,
    finishedCount: history.length,
    knownCount: progress.knownCount,
    sinceBetter: progress.sinceBetter,
    trialMs: medianDuration(history),
    explained: () => explainedByGp(context),
  };
}

/** By the model of the member `gp`, which keeps it; 0 when none can be computed. */
function explainedByGp(context: Inputs): number {
  const cache = memberCache("gp", context);
  shareObservations(context, cache);
  const observations = observationsOf({ ...context, cache });
  try {
    const axes = rememberAxes(context.space, cache);
    return explainedBy({ axes, frame: wholeFrame(axes), observations, targets: "likely", cache });
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
    return 0;
  }
}

function shapeOf(space: Space): Shape {
  const coordinates = coordinatesOf(space);
  const categories = coordinates.filter(({ kind }) => kind === "categorical").map(({ valueCount }) => valueCount);
  return {
    size: coordinates.length,
    pointCount: enumerable(space),
    mostCategories: Math.max(0, ...categories),
    isHalving: isHalving(space),
  };
}

/** So many of the latest trials tell how long the next one takes. */
const latestCount = 15;

/** By the database's clock, so that all workers see the same. */
function medianDuration(history: readonly Trial[]): number | undefined {
  const durations = history.slice(-latestCount).flatMap(({ status, startTime, endTime }) => {
    const isTimed = status === "completed" && startTime !== undefined && endTime !== undefined;
    return isTimed ? [endTime - startTime] : [];
  });
  return durations.sort((a, b) => a - b)[durations.length >> 1];
}
