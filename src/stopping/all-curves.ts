import { addPoint, type GrowingCurve, type Point } from "./curves.js";
import { type GrowingRanking, rankValues } from "./growing-ranking.js";
import type { Curve, Others } from "./stopping-rule.js";

/** What the trials of an experiment have reported, by their numbers. */
export interface AllCurves {
  /** Values are to be minimised. */
  add(number: number, point: Point): void;
  /** All but one trial. */
  othersOf(number: number): Others;
}

/** So many names of rankings are remembered, those that were asked for last: one for each epoch of a long training. */
const mostNames = 256;

/**
 * Curves, and the rankings that were asked of them. A ranking that is asked for again is kept, and then each report moves
 * one value in it. One that is asked for once may never be again, as where programs report at the seconds that have
 * passed, so it is made and forgotten. The answer is the same either way.
 */
export function collectCurves(): AllCurves {
  const curves = new Map<number, GrowingCurve>();
  /** By name, `undefined` for those that were asked for once; what was asked for last is at the end. */
  const rankings = new Map<string, Ranked | undefined>();

  const makeRanking = (read: Ranked["read"]): Ranked => {
    const values: number[] = [];
    for (const curve of curves.values()) {
      const value = read(curve);
      if (value !== undefined) values.push(value);
    }
    return { read, ranking: rankValues(values) };
  };
  const rankingOf = (name: string, read: Ranked["read"]): Ranked => {
    const ranked = rankings.get(name) ?? makeRanking(read);
    const isAskedAgain = rankings.delete(name);
    rankings.set(name, isAskedAgain ? ranked : undefined);
    if (rankings.size > mostNames) rankings.delete(rankings.keys().next().value!);
    return ranked;
  };

  return {
    add(number, point) {
      const known = curves.get(number);
      const curve = known ?? { steps: [], values: [] };
      const kept = [...rankings.values()].filter((ranked) => ranked !== undefined);
      const before = kept.map(({ read }) => known && read(known));
      addPoint(curve, point);
      curves.set(number, curve);
      kept.forEach(({ ranking, read }, at) => {
        ranking.replace(before[at], read(curve));
      });
    },
    othersOf: (number) => ({
      rank(name, read) {
        const { ranking } = rankingOf(name, read);
        const own = curves.get(number);
        return ranking.without(own && read(own));
      },
    }),
  };
}

interface Ranked {
  readonly ranking: GrowingRanking;
  readonly read: (curve: Curve) => number | undefined;
}

/** For rules that look at no other trial. */
export const noOthers: Others = collectCurves().othersOf(0);
