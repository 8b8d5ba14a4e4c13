import { nearestLevel } from "./axes.js";
import type { Candidate, SearchRequest } from "./search.js";

/** Of an integer with more levels than this only the nearest few are tried in one go. */
const maxTriedLevels = 16;
const reach = 4;

/**
 * A better choice of the discrete coordinates, one after the other, each of its levels tried with the others as they
 * are by then. The same candidate when there is none.
 */
export function improveLevels(
  start: Candidate,
  { acquisition, axes }: Pick<SearchRequest, "acquisition" | "axes">,
): Candidate {
  let best = start;
  for (const [k, { levels, isCategory }] of axes.entries()) {
    if (levels === undefined) continue;
    const here = nearestLevel(levels, best.point[k]!);
    const isFar = (level: number) => !isCategory && levels.length > maxTriedLevels && Math.abs(level - here) > reach;
    const tried = [...levels.keys()].filter((level) => level !== here && !isFar(level));
    const points = tried.map((level) => best.point.with(k, levels[level]!));
    for (const [i, value] of acquisition.values(points).entries()) {
      if (value > best.value + 1e-9) best = { point: points[i]!, value };
    }
  }
  return best;
}
