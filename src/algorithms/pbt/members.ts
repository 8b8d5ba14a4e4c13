import { isFinal, type Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { createRankedTrials, type RankedTrials } from "../multi-fidelity/ranked-trials.js";

/** Where a trial stands in a population: facts that are stored with it when it is made. */
export interface Membership {
  /** How often the population has begun anew, for algorithms that repeat; else 0. */
  readonly repetition: number;
  /** 0 for the first trials, at the lowest fidelity. */
  readonly generation: number;
  /** 0, 1, 2 … within the population. */
  readonly member: number;
}

/** The trials of a population by member and generation. */
export interface Members {
  /** The completed trial of a member in a generation. */
  completed(place: Membership): Trial | undefined;
  /** True when a trial there is completed or under way. */
  isTaken(place: Membership): boolean;
  /** How many trials there were: broken ones were replaced. */
  triesAt(place: Membership): number;
  /** The completed trials of a generation, best first; of equals the one that finished first. */
  ranked(generation: Pick<Membership, "repetition" | "generation">): readonly Trial[];
}

interface Ended {
  readonly completed: Map<string, Trial>;
  readonly tries: Map<string, number>;
  readonly generations: Map<string, RankedTrials>;
}

/** The population as the history and the pending trials show it. Trials that others made do not count. */
export function readMembers(context: Pick<SuggestContext, "history" | "pending" | "cache">): Members {
  const { completed, tries, generations } = foldHistory(context, {
    name: "members",
    make: (): Ended => ({ completed: new Map(), tries: new Map(), generations: new Map() }),
    add: addTrial,
  });
  const pending = new Map<string, number>();
  for (const trial of context.pending) {
    const place = membershipOf(trial);
    if (place !== undefined && !isFinal(trial.status)) pending.set(keyOf(place), (pending.get(keyOf(place)) ?? 0) + 1);
  }
  return {
    completed: (place) => completed.get(keyOf(place)),
    isTaken: (place) => completed.has(keyOf(place)) || pending.has(keyOf(place)),
    triesAt: (place) => (tries.get(keyOf(place)) ?? 0) + (pending.get(keyOf(place)) ?? 0),
    ranked: ({ repetition, generation }) => generations.get(`${repetition} ${generation}`)?.bestFirst() ?? [],
  };
}

function addTrial({ completed, tries, generations }: Ended, trial: Trial): void {
  const place = membershipOf(trial);
  if (place === undefined) return;
  const key = keyOf(place);
  tries.set(key, (tries.get(key) ?? 0) + 1);
  if (trial.status !== "completed" || completed.has(key)) return;
  completed.set(key, trial);
  const generation = `${place.repetition} ${place.generation}`;
  const ranked = generations.get(generation) ?? createRankedTrials();
  generations.set(generation, ranked);
  ranked.add(trial);
}

/** The place of a trial, or `undefined` for one that another algorithm or somebody by hand has made. */
export function membershipOf({ facts }: Pick<Trial, "facts">): Membership | undefined {
  const { repetition, generation, member } = facts;
  const isPlace = [repetition, generation, member].every((part) => Number.isInteger(part) && (part as number) >= 0);
  return isPlace ? (facts as unknown as Membership) : undefined;
}

/** The claim of the next trial of a member in a generation: two workers never make the same one. */
export function claimOf(members: Members, place: Membership): string {
  const { repetition, generation, member } = place;
  return `member ${repetition}.${member}.${generation}, try ${members.triesAt(place)}`;
}

function keyOf({ repetition, generation, member }: Membership): string {
  return `${repetition} ${generation} ${member}`;
}
