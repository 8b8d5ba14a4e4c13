import { NumericalError } from "../../errors.js";
import type { Params, Space } from "../../space/dimension.js";
import { fromUnit, toUnit, unitSize } from "../../space/unit-cube.js";
import type { Trial } from "../../trial/trial.js";
import { defineAlgorithm, type SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { fidelityOf } from "../multi-fidelity/fidelity.js";
import { readExploit } from "../pbt/exploit.js";
import { resourcesOfGenerations } from "../pbt/generations.js";
import { membershipOf } from "../pbt/members.js";
import { mutateElements } from "../pbt/mutate.js";
import { checkPopulation, defaultExploit } from "../pbt/pbt.js";
import { suggestForPopulation } from "../pbt/population.js";
import { remember } from "../remember.js";
import { samplePrior } from "../sample-prior.js";
import { banditPoints } from "./bandit.js";

interface Pb2Options {
  readonly population_size: number;
  readonly generations: number;
  /** See `readExploit`. */
  readonly exploit: unknown;
  /** Accepted for configurations that have it: here nobody waits for another configuration to be found. */
  readonly fork_timeout: number;
}

type Context = SuggestContext<Pb2Options>;

/** A population as of `pbt`, where a model of what each generation gained chooses the parameters of a fork. */
export default defineAlgorithm<Pb2Options>({
  summary: "Population based bandits: as pbt, with parameters from a model of what was gained where and when.",
  paper: "Parker-Holder et al. 2020, https://arxiv.org/abs/2002.02518",
  requires: { fidelity: true },
  continuesTrials: true,
  defaults: { population_size: 50, generations: 10, exploit: defaultExploit, fork_timeout: 60 },
  basis: "history",
  check: (options, space) => {
    checkPopulation("pb2", options, space);
    readExploit(options.exploit, "pb2: exploit");
  },
  suggest: (context) => {
    const { space, options, cache } = context;
    const { resources, exploit } = remember(cache, {
      name: "pb2 plan",
      make: () => ({
        resources: resourcesOfGenerations("pb2", fidelityOf(space), options.generations),
        exploit: readExploit(options.exploit, "pb2: exploit"),
      }),
    });
    const explore = (_: Trial, generation: number) => forks(context, { generation, resources });
    const evolution = { populationSize: options.population_size, resources, exploit, explore };
    return suggestForPopulation({ ...context, options: {} }, evolution);
  },
});

interface Fork {
  readonly generation: number;
  readonly resources: readonly number[];
}

/** Without this many gains known, the parameters of a fork come from the prior. */
const fewestGains = 3;

/** As the model sees it the categories of a fork do not matter: they are drawn anew. */
function* forks(context: Context, { generation, resources }: Fork): Generator<Params, void> {
  const { space, rng } = context;
  const points = modelPoints(context, { generation, resources });
  for (const point of points) yield withNewCategories(space, fromUnit(space, point), rng);
  yield samplePrior(space, rng);
}

function modelPoints(context: Context, { generation, resources }: Fork): readonly Float64Array[] {
  const { space, rng } = context;
  const gained = gainsOf(context, resources);
  if (gained.gains.length < fewestGains) return [];
  const pending = context.pending.flatMap((trial) => {
    const time = membershipOf(trial)?.generation;
    return time === undefined || trial.parent === undefined ? [] : [...toUnit(space, trial.params), time];
  });
  const request = { size: unitSize(space), ...gained, pending: Float64Array.from(pending), time: generation, rng };
  try {
    return banditPoints(request);
  } catch (error) {
    if (error instanceof NumericalError) return [];
    throw error;
  }
}

function withNewCategories(space: Space, params: Params, rng: Context["rng"]): Params {
  return mutateElements(space, params, { rng, real: (value) => value, integer: (value) => value });
}

interface Known {
  readonly ids: Map<string, Trial>;
  readonly steps: { readonly row: readonly number[]; readonly gain: number }[];
}

/** The model sees the last so many gains: it costs their cube. */
const mostGains = 200;

/** What each trial gained upon its parent, by unit of the fidelity. */
function gainsOf(context: Context, resources: readonly number[]) {
  const { space } = context;
  const { name } = fidelityOf(space);
  const { steps } = foldHistory(context, {
    name: "pb2 gains",
    make: (): Known => ({ ids: new Map(), steps: [] }),
    add: ({ ids, steps: all }, trial) => {
      if (trial.status !== "completed" || !Number.isFinite(trial.objective)) return;
      ids.set(trial.id, trial);
      const parent = trial.parent === undefined ? undefined : ids.get(trial.parent);
      const time = membershipOf(trial)?.generation;
      if (parent === undefined || time === undefined) return;
      const trained = (trial.params[name] as number) - (parent.params[name] as number);
      const gain = (parent.objective! - trial.objective!) / Math.max(trained, resources[0]! / 1e3);
      if (Number.isFinite(gain)) all.push({ row: [...toUnit(space, trial.params), time], gain });
    },
  });
  const last = steps.slice(-mostGains);
  return {
    points: Float64Array.from(last.flatMap(({ row }) => row)),
    gains: Float64Array.from(last, ({ gain }) => gain),
  };
}
