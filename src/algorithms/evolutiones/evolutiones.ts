import type { Params, Space } from "../../space/dimension.js";
import { unitSize } from "../../space/unit-cube.js";
import type { Trial } from "../../trial/trial.js";
import { trialId } from "../../trial/trial-id.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { atFidelity, fidelityOf } from "../multi-fidelity/fidelity.js";
import { newConfiguration } from "../multi-fidelity/new-configuration.js";
import { checkRepetitions } from "../multi-fidelity/repetitions.js";
import { hyperbandBrackets } from "../multi-fidelity/rung-plan.js";
import { checkOptions, countFrom } from "../option-rules.js";
import { claimOf, type Members, type Membership, membershipOf, readMembers } from "../pbt/members.js";
import { mutateElements } from "../pbt/mutate.js";
import { remember } from "../remember.js";
import { takenIds } from "../untried.js";
import { type Mutate, readMutate } from "./mutate.js";
import { drawDuels } from "./tournament.js";

interface EvolutionesOptions {
  readonly repetitions: number | null;
  readonly nums_population: number;
  /** See `readMutate`. */
  readonly mutate: unknown;
  /** Mutations until one is new; then the member is left out. */
  readonly max_retries: number;
}

type Context = SuggestContext<EvolutionesOptions>;

/**
 * A population whose members meet in pairs when a generation is complete: winners go on at the next fidelity, and losers
 * become mutated copies of the winners.
 */
export default defineAlgorithm<EvolutionesOptions>({
  summary: "Evolution by tournaments: winners train on, losers become mutated copies of winners.",
  paper: "Real et al. 2017, https://arxiv.org/abs/1703.01041; So et al. 2019, https://arxiv.org/abs/1901.11117",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: { repetitions: null, nums_population: 20, mutate: null, max_retries: 1000 },
  basis: "history",
  check: (options, space) => {
    checkRepetitions("evolutiones", options.repetitions);
    checkOptions("evolutiones", options, { nums_population: countFrom(2), max_retries: countFrom(1) });
    readMutate(options.mutate, "evolutiones: mutate");
    ladderOf(space);
  },
  suggest: (context) => {
    const { space, options, cache, pending } = context;
    const ladder = remember(cache, { name: "evolutiones ladder", make: () => ladderOf(space) });
    const mutate = remember(cache, { name: "mutate", make: () => readMutate(options.mutate, "evolutiones: mutate") });
    const members = readMembers(context);
    const limit = options.repetitions ?? Number.POSITIVE_INFINITY;
    for (let repetition = firstOpenPopulation(context, ladder.count); repetition < limit; repetition++) {
      const state: State = { members, ladder, mutate, repetition, present: new Map() };
      const answer = suggestInPopulation(context, state);
      if (answer === "used up") break;
      if (answer !== undefined) return answer;
    }
    return { kind: pending.length > 0 ? "wait" : "done" };
  },
});

/** The fidelity of each generation, worked out when it is needed: there may be very many of them. */
interface Ladder {
  readonly count: number;
  resourceAt(generation: number): number;
}

/** Every integer for base 1, else the rungs of the longest bracket of Hyperband. */
function ladderOf(space: Space): Ladder {
  const fidelity = fidelityOf(space);
  const { low, high, base } = fidelity;
  if (base === 1) return { count: high - low + 1, resourceAt: (generation) => low + generation };
  const rungs = hyperbandBrackets(fidelity)[0]!;
  return { count: rungs.length, resourceAt: (generation) => rungs[generation]!.resource };
}

interface Finished {
  /** By repetition: completed trials of the last generation. */
  readonly counts: Map<number, number>;
  firstOpen: number;
}

/** The first population whose last generation is not complete: in those before it nothing is left to do. */
function firstOpenPopulation(context: Context, generationCount: number): number {
  const whole = 2 * Math.floor(context.options.nums_population / 2); // of an odd number one meets nobody
  const { firstOpen } = foldHistory(context, {
    name: "finished populations",
    make: (): Finished => ({ counts: new Map(), firstOpen: 0 }),
    add: (finished, trial) => {
      const place = membershipOf(trial);
      if (place?.generation !== generationCount - 1 || trial.status !== "completed") return;
      finished.counts.set(place.repetition, (finished.counts.get(place.repetition) ?? 0) + 1);
      while ((finished.counts.get(finished.firstOpen) ?? 0) >= whole) finished.firstOpen++;
    },
  });
  return firstOpen;
}

interface State {
  readonly members: Members;
  readonly ladder: Ladder;
  readonly mutate: Mutate;
  readonly repetition: number;
  /** By generation what `membersOf` has found: each asks for the one before, of which there may be hundreds. */
  readonly present: Map<number, readonly number[] | undefined>;
}

/** `undefined` when this population is complete, or waits for a generation; `used up` when it cannot begin. */
function suggestInPopulation(context: Context, state: State): Suggestion | "used up" | undefined {
  const { members, ladder, repetition } = state;
  let newest = 0;
  while (newest + 1 < ladder.count && members.ranked({ repetition, generation: newest + 1 }).length > 0) newest++;
  for (let generation = 0; generation <= Math.min(newest + 1, ladder.count - 1); generation++) {
    if (generation === 0) {
      const start = begin(context, state);
      if (start !== undefined && start !== "used up") return start;
      if (start === "used up" && members.ranked({ repetition, generation: 0 }).length === 0) return start;
    } else {
      const next = succeed(context, state, generation);
      if (next !== undefined) return next;
    }
  }
  return undefined;
}

function begin(context: Context, { members, ladder, repetition }: State): Suggestion | "used up" | undefined {
  const { space, options } = context;
  for (let member = 0; member < options.nums_population; member++) {
    const place: Membership = { repetition, generation: 0, member };
    if (members.isTaken(place)) continue;
    const params = newConfiguration(context);
    if (params === undefined) return "used up";
    return suggestionFor(members, place, { params: atFidelity(space, params, ladder.resourceAt(0)) });
  }
  return undefined;
}

/** A trial of a generation that may begin, as the one before is complete. */
function succeed(context: Context, state: State, generation: number): Suggestion | undefined {
  const { members, repetition, ladder } = state;
  const isTaken = takenIds(context);
  for (const duel of duelsOf(context, state, generation) ?? []) {
    for (const [member, isWinner] of [
      [duel.winner, true],
      [duel.loser, false],
    ] as const) {
      const place: Membership = { repetition, generation, member };
      if (members.isTaken(place)) continue;
      const trial = members.completed({ ...place, generation: generation - 1, member: duel.winner })!;
      const next = nextParams(context, {
        trial,
        isWinner,
        resource: ladder.resourceAt(generation),
        isTaken,
        mutate: state.mutate,
      });
      if (next !== undefined) return suggestionFor(members, place, next);
    }
  }
  return undefined;
}

interface Duel {
  readonly winner: number;
  readonly loser: number;
}

/** Who beat whom in the generation before; `undefined` while that is not complete. */
function duelsOf(context: Context, state: State, generation: number): readonly Duel[] | undefined {
  const { members, repetition } = state;
  const before = { repetition, generation: generation - 1 };
  const present = membersOf(context, state, generation - 1);
  if (present === undefined) return undefined;
  return drawDuels({
    trials: present.map((member) => members.completed({ ...before, member })!),
    key: [context.seed, "duels", repetition, generation],
  }).map(([winner, loser]) => ({ winner: present[winner]!, loser: present[loser]! }));
}

/**
 * The members of a generation when it is complete: all that can be. Those for which nothing new is left to try are
 * missing.
 */
function membersOf(context: Context, state: State, generation: number): readonly number[] | undefined {
  const { present } = state;
  if (!present.has(generation)) present.set(generation, findMembers(context, state, generation));
  return present.get(generation);
}

function findMembers(context: Context, state: State, generation: number): readonly number[] | undefined {
  const { members, repetition } = state;
  const all = Array.from({ length: context.options.nums_population }, (_, member) => member);
  const isPending = ({ facts }: Trial) => facts.repetition === repetition && facts.generation === generation;
  if (context.pending.some(isPending)) return undefined;
  const completed = all.filter((member) => members.completed({ repetition, generation, member }) !== undefined);
  if (completed.length === all.length) return completed;
  if (generation === 0) return newConfiguration(context) === undefined ? completed : undefined;
  const duels = duelsOf(context, state, generation);
  if (duels === undefined) return undefined;
  const expected = duels.flatMap(({ winner, loser }) => [winner, loser]);
  if (expected.every((member) => completed.includes(member))) return completed;
  return succeed(context, state, generation) === undefined ? completed : undefined;
}

interface Next {
  readonly trial: Trial;
  readonly isWinner: boolean;
  readonly resource: number;
  readonly isTaken: (id: string) => boolean;
  readonly mutate: Mutate;
}

/** A winner goes on; a copy of it has other parameters, and trains from the start. */
function nextParams(context: Context, { trial, isWinner, resource, isTaken, mutate }: Next): Told | undefined {
  const { space, options, rng } = context;
  const same = atFidelity(space, trial.params, resource);
  if (isWinner && !isTaken(trialId(space, same, { parent: trial.id }))) return { params: same, parent: trial.id };
  let params: Params = same;
  for (let retry = 0; retry < options.max_retries; retry++) {
    params = mutateSome(params, { space, rng, mutate });
    if (!isTaken(trialId(space, params))) return { params };
  }
  return undefined;
}

/** The share of the genes that mutates, one at least. */
const mutatedShare = 0.3;

function mutateSome(
  params: Params,
  { space, rng, mutate }: Pick<Context, "space" | "rng"> & { readonly mutate: Mutate },
): Params {
  const size = unitSize(space);
  const positions = Array.from({ length: size }, (_, position) => position);
  const chosen = new Set<number>();
  const count = Math.max(1, Math.floor(mutatedShare * size));
  while (chosen.size < Math.min(count, size)) chosen.add(positions.splice(rng.below(positions.length), 1)[0]!);
  return mutateElements(space, params, { ...mutate(rng), rng, changes: (position) => chosen.has(position) });
}

interface Told {
  readonly params: Params;
  readonly parent?: string;
}

function suggestionFor(members: Members, place: Membership, told: Told): Suggestion {
  return { kind: "params", ...told, facts: { ...place }, claim: claimOf(members, place) };
}
