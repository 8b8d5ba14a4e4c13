import type { FidelityDimension } from "../../space/dimension.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { fidelityOf } from "../multi-fidelity/fidelity.js";
import { hyperbandBrackets, type PlannedBracket } from "../multi-fidelity/rung-plan.js";
import { type Place, placeOf } from "../multi-fidelity/rungs.js";

export type Where = Pick<Place, "repetition" | "bracket" | "rung">;

export interface Plan {
  readonly brackets: readonly PlannedBracket[];
  /** How many members the population of each fidelity has: the most trials that any bracket gives it. */
  readonly sizes: ReadonlyMap<number, number>;
}

export function planOf(fidelity: FidelityDimension): Plan {
  const brackets = hyperbandBrackets(fidelity);
  const sizes = new Map<number, number>();
  for (const { resource, size } of brackets.flat()) sizes.set(resource, Math.max(size, sizes.get(resource) ?? 0));
  return { brackets, sizes };
}

/** By fidelity and slot: the best completed trial. Of many rungs the lowest has more slots than could be listed. */
export type Populations = ReadonlyMap<number, ReadonlyMap<number, Trial>>;

/**
 * The populations after a history. Each trial competes with the member of one slot of its fidelity, and takes it if it
 * is not worse. Trials of other algorithms have no place, and compete by their numbers.
 */
export function populationsAfter(
  context: Pick<SuggestContext, "space" | "history" | "cache">,
  plan: Plan,
): Populations {
  const { name } = fidelityOf(context.space);
  return foldHistory(context, {
    name: "dehb populations",
    make: () => new Map(Array.from(plan.sizes.keys(), (resource) => [resource, new Map<number, Trial>()])),
    add: (populations, trial) => {
      const resource = trial.params[name] as number;
      const members = populations.get(resource);
      const { status, objective } = trial;
      if (members === undefined || status !== "completed" || !Number.isFinite(objective)) return;
      const place = placeOf(trial);
      const slot = (place && slotOf(plan, place)) ?? (trial.number - 1) % plan.sizes.get(resource)!;
      if (objective! <= (members.get(slot)?.objective ?? Number.POSITIVE_INFINITY)) members.set(slot, trial);
    },
  });
}

/** The member that a place competes with: one after the other, over all brackets. `undefined` without such a place. */
export function slotOf({ brackets, sizes }: Plan, { repetition, bracket, rung, place }: Place): number | undefined {
  const planned = brackets[bracket]?.[rung];
  if (planned === undefined || place === undefined) return undefined;
  const { resource } = planned;
  const inBracket = (rungs: PlannedBracket) => rungs.find((other) => other.resource === resource)?.size ?? 0;
  const count = (some: readonly PlannedBracket[]) => some.reduce((sum, rungs) => sum + inBracket(rungs), 0);
  return (repetition * count(brackets) + count(brackets.slice(0, bracket)) + place) % sizes.get(resource)!;
}
