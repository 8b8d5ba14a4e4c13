import type { Space } from "../../space/dimension.js";
import { unitSize } from "../../space/unit-cube.js";
import { getParam } from "../../space/values.js";
import type { Trial } from "../../trial/trial.js";
import { trialId } from "../../trial/trial-id.js";
import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { atFidelity, fidelityOf } from "../multi-fidelity/fidelity.js";
import { remember } from "../remember.js";

/**
 * What a member sees where trials have rungs: those of one rung, as if it were the highest. Configurations without a
 * result there, though they have one further down, are like those under evaluation: nobody knows what would come of them.
 *
 * The trials have the id that their configuration has at the highest fidelity, which is that of a member's proposal: so
 * it knows again what was tried, at whatever fidelity.
 */
export function rungView(context: SuggestContext): SuggestContext {
  const { space, pending, cache } = context;
  const asHighest = highestViews(context);
  const { levels, none } = foldHistory(context, { name: "levels", make: noLevels, add: addTo(space, asHighest) });
  const resource = chooseLevel(levels, 3 * (unitSize(space) + 2));
  const { trials, known, unknown } = levels.get(resource) ?? none;
  const others = new Map(unknown);
  for (const trial of pending.map(asHighest)) if (!known.has(trial.id)) others.set(trial.id, trial);
  return {
    ...context,
    history: trials,
    pending: [...others.values()].sort((a, b) => a.number - b.number).slice(-mostUnknown),
    cache: remember(cache, { name: `cache of level ${resource}`, make: () => new Map<string, unknown>() }),
  };
}

/** No model takes more trials under evaluation into account. */
const mostUnknown = 500;

/** The finished trials of one fidelity. Configurations are known by their id at the highest one. */
interface Level {
  readonly trials: Trial[];
  readonly known: Set<string>;
  /** The newest trial of each configuration that has none here; of many, those that have finished last. */
  readonly unknown: Map<string, Trial>;
  completedCount: number;
}

interface Levels {
  readonly levels: Map<number, Level>;
  /** One without trials. */
  readonly none: Level;
}

function noLevels(): Levels {
  return { levels: new Map(), none: emptyLevel(new Map()) };
}

function emptyLevel(unknown: ReadonlyMap<string, Trial>): Level {
  return { trials: [], known: new Set(), unknown: new Map(unknown), completedCount: 0 };
}

function addTo(space: Space, asHighest: (trial: Trial) => Trial) {
  const { name } = fidelityOf(space);
  return ({ levels, none }: Levels, finished: Trial) => {
    const trial = asHighest(finished);
    const resource = getParam(trial.params, name) as number;
    const level = levels.get(resource) ?? emptyLevel(none.unknown);
    levels.set(resource, level);
    level.trials.push(trial);
    level.known.add(trial.id);
    level.unknown.delete(trial.id);
    if (trial.status === "completed") level.completedCount++;
    for (const other of [none, ...levels.values()]) if (!other.known.has(trial.id)) addUnknown(other, trial);
  };
}

function addUnknown({ unknown }: Level, trial: Trial): void {
  // first out, then in: a map has its entries in the order in which they were put there
  unknown.delete(trial.id);
  unknown.set(trial.id, trial);
  if (unknown.size > mostUnknown) unknown.delete(unknown.keys().next().value!);
}

/** A trial with the id of its configuration at the highest fidelity, made once: members know trials by identity. */
function highestViews({ space, cache }: Pick<SuggestContext, "space" | "cache">): (trial: Trial) => Trial {
  const { high } = fidelityOf(space);
  const views = remember(cache, { name: "trials as the highest", make: () => new WeakMap<Trial, Trial>() });
  return (trial) => {
    const known = views.get(trial);
    if (known !== undefined) return known;
    const view = { ...trial, id: trialId(space, atFidelity(space, trial.params, high)) };
    views.set(trial, view);
    return view;
  };
}

/** The highest level with so many completed trials, or the one that has most of them. */
function chooseLevel(levels: ReadonlyMap<number, Level>, wanted: number): number {
  let [chosen, most] = [0, 0];
  for (const level of [...levels.keys()].sort((a, b) => b - a)) {
    const { completedCount } = levels.get(level)!;
    if (completedCount >= wanted) return level;
    if (completedCount > most) [chosen, most] = [level, completedCount];
  }
  return chosen;
}
