import type { Params } from "../../space/dimension.js";
import { isFinal, type Trial } from "../../trial/trial.js";
import type { SuggestContext, SuggestedParams } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { createRankedTrials, type RankedTrials } from "./ranked-trials.js";

/** Where a trial stands in a multi-fidelity search: facts that are stored with it when it is made. */
export interface Place {
  /** 0 at first; a set of brackets that is used up is followed by another one. */
  readonly repetition: number;
  readonly bracket: number;
  /** 0 is the bottom of its bracket. */
  readonly rung: number;
  /** 0, 1, 2 … within the rung, for algorithms whose rungs have a size. */
  readonly place?: number;
}

/** The trials of one rung. */
export interface Rung {
  /** Best first; equal objectives in the order in which they finished. NaN and infinities are the worst. */
  readonly completed: readonly Trial[];
  readonly pendingCount: number;
  /** One more than the highest place that was ever given. */
  readonly nextPlace: number;
}

export interface Rungs {
  at(place: Pick<Place, "repetition" | "bracket" | "rung">): Rung;
  /**
   * The best trial of a rung that was not promoted before, whatever has become of that.
   *
   * @param among - It must be one of so many best of the rung, promoted ones included; default all.
   */
  nextBest(place: Pick<Place, "repetition" | "bracket" | "rung">, among?: number): Trial | undefined;
}

interface Ended {
  readonly rungs: Map<string, EndedRung>;
  readonly promoted: Set<string>;
}

interface EndedRung {
  readonly completed: RankedTrials;
  /** Those of them that were not promoted, and some that were. */
  readonly open: RankedTrials;
  nextPlace: number;
}

const nothing: Rung = { completed: [], pendingCount: 0, nextPlace: 0 };

/** The rungs as the history and the pending trials show them. Trials without a place (made by others) do not count. */
export function readRungs(context: Pick<SuggestContext, "history" | "pending" | "cache">): Rungs {
  const ended = foldHistory(context, {
    name: "rungs",
    make: (): Ended => ({ rungs: new Map(), promoted: new Set() }),
    add: addTrial,
  });
  const pending = new Map<string, { count: number; nextPlace: number }>();
  const underWay = new Set<string>();
  for (const trial of context.pending) {
    const place = placeOf(trial);
    if (place === undefined || isFinal(trial.status)) continue;
    const key = keyOf(place);
    const known = pending.get(key) ?? { count: 0, nextPlace: 0 };
    pending.set(key, { count: known.count + 1, nextPlace: Math.max(known.nextPlace, (place.place ?? 0) + 1) });
    if (trial.parent !== undefined) underWay.add(trial.parent);
  }
  return {
    at: (place) => {
      const key = keyOf(place);
      const [done, busy] = [ended.rungs.get(key), pending.get(key)];
      if (done === undefined && busy === undefined) return nothing;
      return {
        completed: done?.completed.bestFirst() ?? [],
        pendingCount: busy?.count ?? 0,
        nextPlace: Math.max(done?.nextPlace ?? 0, busy?.nextPlace ?? 0),
      };
    },
    nextBest: (place, among = Number.POSITIVE_INFINITY) => {
      const rung = ended.rungs.get(keyOf(place));
      const trial = rung?.open.firstFree({
        isGone: ({ id }) => ended.promoted.has(id),
        isTaken: ({ id }) => underWay.has(id),
      });
      return trial !== undefined && rung!.completed.indexOf(trial) < among ? trial : undefined;
    },
  };
}

function addTrial({ rungs, promoted }: Ended, trial: Trial): void {
  const place = placeOf(trial);
  if (place === undefined) return;
  const key = keyOf(place);
  const rung = rungs.get(key) ?? { completed: createRankedTrials(), open: createRankedTrials(), nextPlace: 0 };
  rungs.set(key, rung);
  rung.nextPlace = Math.max(rung.nextPlace, (place.place ?? 0) + 1);
  if (trial.parent !== undefined) promoted.add(trial.parent);
  if (trial.status !== "completed") return;
  rung.completed.add(trial);
  rung.open.add(trial);
}

/** The place of a trial, or `undefined` for one that another algorithm or somebody by hand has made. */
export function placeOf({ facts }: Pick<Trial, "facts">): Place | undefined {
  const { repetition, bracket, rung } = facts;
  const isPlace = [repetition, bracket, rung].every((part) => Number.isInteger(part) && (part as number) >= 0);
  return isPlace ? (facts as unknown as Place) : undefined;
}

/** A trial in a place, which is claimed: two workers never fill the same one. */
export function takePlace(place: Place & { readonly place: number }, params: Params): SuggestedParams {
  const { repetition, bracket, rung, place: number } = place;
  return { kind: "params", params, facts: { ...place }, claim: `place ${repetition}.${bracket}.${rung}.${number}` };
}

function keyOf({ repetition, bracket, rung }: Pick<Place, "repetition" | "bracket" | "rung">): string {
  return `${repetition} ${bracket} ${rung}`;
}
