import type { FidelityDimension, Space } from "../../space/dimension.js";
import { unitSize } from "../../space/unit-cube.js";
import { getParam } from "../../space/values.js";
import type { Facts, Trial } from "../../trial/trial.js";
import type { SuggestContext, Suggestion } from "../algorithm.js";
import { suggestAsha } from "../asha.js";
import { foldHistory } from "../fold-history.js";
import { fidelityOf } from "../multi-fidelity/fidelity.js";
import { configurationHashes, newConfiguration } from "../multi-fidelity/new-configuration.js";
import { remember } from "../remember.js";

/** True where trials can be stopped at rungs: with a fidelity that has more than one level. */
export function isHalving({ dimensions }: Space): boolean {
  const fidelity = dimensions.find((dimension) => dimension.type === "fidelity");
  return fidelity !== undefined && fidelity.base >= 2 && fidelity.low < fidelity.high;
}

/**
 * ASHA, whose new configurations come from a model of the highest rung that has enough points: what is known there says
 * most about full evaluations.
 *
 * @param configure - Suggests from a history in which all trials have one fidelity.
 */
export function suggestHalving(
  context: SuggestContext,
  configure: (context: SuggestContext) => Suggestion,
): Suggestion {
  let made: Facts = { auto: "asha", why: "a good trial goes on" };
  const suggestion = suggestAsha({ ...context, options: plainHalving }, () => {
    const configuration = configure(rungView(context));
    made =
      configuration.kind === "params" ? (configuration.facts ?? {}) : { auto: "random", why: "nothing better is left" };
    return newConfiguration(context, configuration.kind === "params" ? [configuration.params] : []);
  });
  if (suggestion.kind !== "params") return suggestion;
  return { ...suggestion, facts: { ...made, ...suggestion.facts } };
}

const plainHalving = { num_rungs: null, num_brackets: 1, repetitions: null };

/**
 * What a member sees: the trials of one rung. Configurations without a result there, though they have one further down,
 * are like those under evaluation: nobody knows what would come of them.
 */
function rungView(context: SuggestContext): SuggestContext {
  const { space, pending, cache } = context;
  const hashOf = configurationHashes(context);
  const { levels, configurations } = foldHistory(context, {
    name: "levels",
    make: noLevels,
    add: addTo(space, hashOf),
  });
  const level = chooseLevel(levels, 3 * (unitSize(space) + 2));
  const { trials: rung, known } = levels.get(level) ?? emptyLevel();
  const unknown = new Map<string, Trial>();
  for (const [hash, trial] of configurations) if (!known.has(hash)) unknown.set(hash, trial);
  for (const trial of pending) if (!known.has(hashOf(trial))) unknown.set(hashOf(trial), trial);
  return {
    ...context,
    history: rung,
    pending: [...unknown.values()].sort((a, b) => a.number - b.number),
    cache: remember(cache, { name: `cache of level ${level}`, make: () => new Map<string, unknown>() }),
  };
}

/** The finished trials of one fidelity. */
interface Level {
  readonly trials: Trial[];
  readonly known: Set<string>;
  completedCount: number;
}

interface Levels {
  readonly levels: Map<number, Level>;
  /** The newest trial of each configuration, by its hash. */
  readonly configurations: Map<string, Trial>;
}

const noLevels = (): Levels => ({ levels: new Map(), configurations: new Map() });
const emptyLevel = (): Level => ({ trials: [], known: new Set(), completedCount: 0 });

function addTo(space: Space, hashOf: (trial: Trial) => string) {
  const fidelity: FidelityDimension = fidelityOf(space);
  return ({ levels, configurations }: Levels, trial: Trial) => {
    const resource = getParam(trial.params, fidelity.name) as number;
    const level = levels.get(resource) ?? emptyLevel();
    levels.set(resource, level);
    level.trials.push(trial);
    level.known.add(hashOf(trial));
    if (trial.status === "completed") level.completedCount++;
    configurations.set(hashOf(trial), trial);
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
