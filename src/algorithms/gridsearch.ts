import { UsageError } from "../errors.js";
import type { Space } from "../space/dimension.js";
import { bareName } from "../space/parse-space.js";
import { defineAlgorithm } from "./algorithm.js";
import { suggestFrom } from "./collisions.js";
import { buildGrid } from "./grid.js";
import { isRecord } from "./named-option.js";
import { remember } from "./remember.js";

/** The size of a grid when the number of trials has no limit. */
const openGridSize = 10_000;

interface GridOptions {
  /** Levels of each dimension, or of those that are named; with or without the leading `/`. */
  readonly n_values: number | Readonly<Record<string, number>>;
}

const defaultLevels = 100;

/**
 * The grid never has more points than the experiment has trials: all `n_values` are lowered together until it fits, so
 * that the whole range of each dimension is seen. Raising `max_trials` later makes a finer grid.
 */
export default defineAlgorithm<GridOptions>({
  summary: "Grid search: every combination of evenly spaced values, as fine as max_trials allows.",
  paper: "Bergstra & Bengio 2012, on why random search is usually better, https://jmlr.org/papers/v13/bergstra12a.html",
  requires: {},
  defaults: { n_values: defaultLevels },
  basis: "index",
  check: ({ n_values }, space) => {
    checkLevels(n_values, space);
    refuseOpenEnds(space);
  },
  suggest: (context) => {
    const { space, options, maxTrials, cache } = context;
    const limit = Number.isFinite(maxTrials) ? maxTrials : openGridSize;
    const counts = space.dimensions.map(({ name }) => wantedLevels(options.n_values, name));
    const make = () => buildGrid(space, { counts, limit });
    return suggestFrom(remember(cache, { name: `grid of ${limit}`, make }), context);
  },
});

function checkLevels(levels: unknown, space: Space): void {
  if (!isRecord(levels)) {
    checkCount(levels, "n_values");
    return;
  }
  const known = space.dimensions.map(({ name }) => name);
  for (const [name, count] of Object.entries(levels)) {
    checkCount(count, `n_values of "${name}"`);
    if (known.some((other) => bareName(other) === bareName(name))) continue;
    throw new UsageError(`gridsearch: the space has no dimension "${name}".`, `Its dimensions: ${known.join(", ")}.`);
  }
}

function checkCount(count: unknown, where: string): void {
  if (Number.isSafeInteger(count) && (count as number) >= 1) return;
  throw new UsageError(
    `gridsearch: ${where} is ${JSON.stringify(count)}.`,
    "Give a whole number of at least 1, or one for each dimension by its name.",
  );
}

function refuseOpenEnds(space: Space): void {
  for (const dimension of space.dimensions) {
    if ("prior" in dimension && dimension.prior.name === "normal") {
      throw new UsageError(
        `gridsearch cannot divide "${dimension.name}" evenly: its prior is normal.`,
        "Give it ends with uniform(low, high) or loguniform(low, high), or use `algorithm: sobol`.",
      );
    }
  }
}

function wantedLevels(levels: GridOptions["n_values"], name: string): number {
  if (typeof levels === "number") return levels;
  const entry = Object.entries(levels).find(([key]) => bareName(key) === bareName(name));
  return entry?.[1] ?? defaultLevels;
}
