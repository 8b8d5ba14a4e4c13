import type { Params } from "../../space/dimension.js";
import type { Trial } from "../../trial/trial.js";
import { trialId } from "../../trial/trial-id.js";
import type { SuggestContext, Suggestion } from "../algorithm.js";
import { atFidelity } from "../multi-fidelity/fidelity.js";
import { newConfiguration } from "../multi-fidelity/new-configuration.js";
import { rankOf } from "../multi-fidelity/ranked-trials.js";
import { samplePrior } from "../sample-prior.js";
import { takenIds } from "../untried.js";
import type { Exploit } from "./exploit.js";
import { claimOf, type Members, readMembers } from "./members.js";

export interface Evolution {
  readonly populationSize: number;
  /** The fidelity of each generation. */
  readonly resources: readonly number[];
  readonly exploit: Exploit;
  /** Configurations to try in place of a trial's, best first; must end. */
  readonly explore: (trial: Trial, generation: number) => Iterable<Params>;
}

/**
 * One more trial for a population in which every member goes from generation to generation on its own: a trial that is
 * completed has one successor, which continues it, or forks a better one with other parameters.
 *
 * A broken trial is replaced by another successor of the trial before, or by another start. Members that are furthest
 * behind come first, so that whoever is to be judged has as many to be compared with as there can be.
 */
export function suggestForPopulation(context: SuggestContext, evolution: Evolution): Suggestion {
  const { populationSize, resources } = evolution;
  const { space, pending } = context;
  const members = readMembers(context);
  let populationCount = 0;
  let isUsedUp = false;
  for (let member = 0; member < populationSize; member++) {
    const place = { repetition: 0, generation: 0, member };
    if (members.isTaken(place)) {
      populationCount++;
    } else if (!isUsedUp) {
      const params = newConfiguration(context);
      const claim = claimOf(members, place);
      if (params !== undefined)
        return { kind: "params", params: atFidelity(space, params, resources[0]!), facts: place, claim };
      isUsedUp = true; // a small space has fewer members
    }
  }
  for (let generation = 1; generation < resources.length; generation++) {
    for (let member = 0; member < populationSize; member++) {
      const suggestion = succeed(context, { evolution, members, generation, member, populationCount });
      if (suggestion !== undefined) return suggestion;
    }
  }
  return { kind: pending.length > 0 ? "wait" : "done" };
}

interface Succession {
  readonly evolution: Evolution;
  readonly members: Members;
  readonly generation: number;
  readonly member: number;
  readonly populationCount: number;
}

function succeed(context: SuggestContext, succession: Succession): Suggestion | undefined {
  const { evolution, members, generation, member, populationCount } = succession;
  const { space, rng } = context;
  const place = { repetition: 0, generation, member };
  const before = { ...place, generation: generation - 1 };
  const trial = members.completed(before);
  if (trial === undefined || members.isTaken(place)) return undefined;
  const chosen = evolution.exploit({
    trial,
    peers: members.ranked(before),
    elites: elitesUpTo(succession),
    populationCount,
    rng,
  });
  if (chosen === undefined) return undefined;
  const isTaken = takenIds(context);
  for (const { from, params: other } of successors(context, { trial, chosen, succession })) {
    const params = atFidelity(space, other, evolution.resources[generation]!);
    if (isTaken(trialId(space, params, { parent: from.id }))) continue;
    return { kind: "params", params, parent: from.id, facts: place, claim: claimOf(members, place) };
  }
  return undefined;
}

function elitesUpTo({ evolution, members, generation }: Succession): readonly Trial[] {
  const elites: Trial[] = [];
  for (let member = 0; member < evolution.populationSize; member++) {
    if (members.completed({ repetition: 0, generation: generation - 1, member }) === undefined) continue;
    const own = Array.from({ length: generation }, (_, g) =>
      members.completed({ repetition: 0, generation: g, member }),
    );
    const known = own.filter((trial) => trial !== undefined);
    elites.push(known.reduce((best, trial) => (rankOf(trial) < rankOf(best) ? trial : best)));
  }
  return elites.sort((a, b) => compareRanks(a, b) || a.number - b.number);
}

function compareRanks(a: Trial, b: Trial): number {
  const [first, second] = [rankOf(a), rankOf(b)];
  return first < second ? -1 : Number(first > second);
}

interface Choice {
  readonly trial: Trial;
  readonly chosen: Trial;
  readonly succession: Succession;
}

const mostSamples = 50;

/** Ways to go on, the one that is meant first. The others are for spaces so small that all of them were tried. */
function* successors({ space, rng }: SuggestContext, { trial, chosen, succession }: Choice) {
  const { evolution, generation } = succession;
  if (chosen === trial) yield { from: trial, params: trial.params };
  for (const params of evolution.explore(chosen, generation)) yield { from: chosen, params };
  yield { from: trial, params: trial.params };
  for (let sample = 0; sample < mostSamples; sample++) yield { from: chosen, params: samplePrior(space, rng) };
}
