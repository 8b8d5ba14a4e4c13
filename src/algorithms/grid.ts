import { UsageError } from "../errors.js";
import type { Params, ParamValue, Space } from "../space/dimension.js";
import { elementCount, nestElements } from "../space/elements.js";
import type { FiniteSequence } from "./collisions.js";
import { gridLevels, levelCount } from "./grid-levels.js";

export interface GridSize {
  /** The wanted number of levels of each dimension. */
  readonly counts: readonly number[];
  /** At most this many points. */
  readonly limit: number;
}

/**
 * The Cartesian product of the levels in the order of the dimensions, the last one changing fastest; in a list each
 * element is an axis of its own. All counts are lowered by the least number that makes the grid fit, but not below 1;
 * then each in turn is raised by one again if there is room.
 *
 * @throws {UsageError} when the categories alone do not fit.
 */
export function buildGrid(space: Space, { counts, limit }: GridSize): FiniteSequence {
  const fitting = fitCounts(space, { counts, limit });
  const axes = space.dimensions.flatMap((dimension, i) => {
    const levels = gridLevels(dimension, fitting[i]!);
    return Array.from({ length: elementCount(dimension.shape) }, () => levels);
  });
  const size = axes.reduce((product, { length }) => product * length, 1);
  return { size, pointAt: (index) => assemble(space, elementsAt(axes, index)) };
}

/** The digits of an index in the mixed radix of the axes, the last one being the lowest. */
function elementsAt(axes: readonly (readonly ParamValue[])[], index: number): readonly ParamValue[] {
  let rest = index;
  const lastFirst = axes.toReversed().map((levels) => {
    const value = levels[rest % levels.length]!;
    rest = Math.floor(rest / levels.length);
    return value;
  });
  return lastFirst.reverse();
}

function assemble(space: Space, elements: readonly ParamValue[]): Params {
  let used = 0;
  const entries = space.dimensions.map(({ name, shape }) => {
    const own = elements.slice(used, used + elementCount(shape));
    used += own.length;
    return [name, nestElements(own, shape)];
  });
  return Object.fromEntries(entries);
}

function fitCounts(space: Space, { counts, limit }: GridSize): readonly number[] {
  const fitting = lowerCounts(space, { counts, limit });
  return counts.reduce((raised, wanted, i) => {
    const more = raised.with(i, Math.min(wanted, raised[i]! + 1));
    return gridSize(space, more) <= limit ? more : raised;
  }, fitting);
}

function lowerCounts(space: Space, { counts, limit }: GridSize): number[] {
  const lowered = (by: number) => counts.map((count) => Math.max(1, count - by));
  const sizeAt = (by: number) => gridSize(space, lowered(by));
  let [enough, tooFew] = [Math.max(1, ...counts) - 1, -1];
  if (sizeAt(enough) > limit) throw cannotFit(sizeAt(enough), limit);
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (sizeAt(middle) <= limit) enough = middle;
    else tooFew = middle;
  }
  return lowered(enough);
}

function gridSize(space: Space, counts: readonly number[]): number {
  return space.dimensions.reduce(
    (product, dimension, i) => product * levelCount(dimension, counts[i]!) ** elementCount(dimension.shape),
    1,
  );
}

function cannotFit(size: number, limit: number): UsageError {
  return new UsageError(
    `gridsearch needs at least ${size} trials to combine all categories, and there are ${limit}.`,
    `Raise max_trials to ${size}, drop some categories, or use \`algorithm: random\`.`,
  );
}
