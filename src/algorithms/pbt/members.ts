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
  /** True when a trial has this claim, whatever became of it. */
  isClaimed(claim: string): boolean;
  /** The completed trials of a generation, best first; of equals the one that finished first. */
  ranked(generation: Pick<Membership, "repetition" | "generation">): readonly Trial[];
}

interface Ended {
  readonly completed: Map<string, Trial>;
  readonly claims: Set<string>;
  readonly generations: Map<string, RankedTrials>;
}

/** The population as the history and the pending trials show it. Trials that others made do not count. */
export function readMembers(context: Pick<SuggestContext, "history" | "pending" | "cache">): Members {
  const { completed, claims, generations } = foldHistory(context, {
    name: "members",
    make: (): Ended => ({ completed: new Map(), claims: new Set(), generations: new Map() }),
    add: addTrial,
  });
  const pending = new Set<string>();
  for (const trial of context.pending) {
    const place = membershipOf(trial);
    if (place !== undefined && !isFinal(trial.status)) pending.add(keyOf(place));
  }
  const pendingClaims = new Set(context.pending.map(({ claim }) => claim));
  return {
    completed: (place) => completed.get(keyOf(place)),
    isTaken: (place) => completed.has(keyOf(place)) || pending.has(keyOf(place)),
    isClaimed: (claim) => claims.has(claim) || pendingClaims.has(claim),
    ranked: ({ repetition, generation }) => generations.get(`${repetition} ${generation}`)?.bestFirst() ?? [],
  };
}

function addTrial({ completed, claims, generations }: Ended, trial: Trial): void {
  const place = membershipOf(trial);
  if (place === undefined) return;
  const key = keyOf(place);
  if (trial.claim !== undefined) claims.add(trial.claim);
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

/**
 * The claim of the next trial of a member in a generation: two workers never make the same one. Broken trials were replaced,
 * and any of them may have been removed since, so it is not enough to count them.
 */
export function claimOf(members: Members, { repetition, generation, member }: Membership): string {
  for (let attempt = 0; ; attempt++) {
    const claim = `member ${repetition}.${member}.${generation}, try ${attempt}`;
    if (!members.isClaimed(claim)) return claim;
  }
}

function keyOf({ repetition, generation, member }: Membership): string {
  return `${repetition} ${generation} ${member}`;
}
