import { UsageError } from "../../errors.js";
import type { Rng } from "../../math/rng.js";
import type { Params, Space } from "../../space/dimension.js";
import { readNamed } from "../named-option.js";
import { checkOptions, numberFrom, positiveNumber } from "../option-rules.js";
import { samplePrior } from "../sample-prior.js";
import { readSteps, refuseUnknown } from "./exploit.js";
import { moveInside, mutateElements } from "./mutate.js";

/** Another configuration, made of one that is to be improved upon; the fidelity does not matter. */
export type Explore = (params: Params, tools: { readonly space: Space; readonly rng: Rng }) => Params;

/**
 * Read `explore` as it stands in a configuration.
 *
 * | name | what it does |
 * |---|---|
 * | ResampleExplore | draws a configuration from the prior with `probability`, else leaves it as it is |
 * | PerturbExplore | multiplies or divides each number by `factor`, and draws each category anew |
 * | PipelineExplore | all of `explore_configs`, one after the other |
 *
 * A number that would leave its bounds stops short of them, by a normal step of the share `volatility` of the range.
 *
 * @throws {UsageError} for anything else.
 */
export function readExplore(configuration: unknown, where: string): Explore {
  const { name, options } = readNamed(configuration, { where, example: "PerturbExplore" });
  const kind = name.toLowerCase().replace(/explore$/, "");
  if (!Object.hasOwn(builders, kind)) {
    throw new UsageError(
      `${where}: there is no "${name}".`,
      "Known ones: ResampleExplore, PerturbExplore, PipelineExplore.",
    );
  }
  return builders[kind as keyof typeof builders](options, where);
}

const builders = { resample, perturb, pipeline };

function resample(options: Readonly<Record<string, unknown>>, where: string): Explore {
  const complete = { probability: 0.2, ...options };
  refuseUnknown(complete, { probability: 0 }, where);
  checkOptions(where, complete, { probability: numberFrom(0, 1) });
  return (params, { space, rng }) => (rng.next() < complete.probability ? samplePrior(space, rng) : params);
}

function perturb(options: Readonly<Record<string, unknown>>, where: string): Explore {
  const defaults = { factor: 1.2, volatility: 0.0001 };
  const complete = { ...defaults, ...options };
  refuseUnknown(complete, defaults, where);
  checkOptions(where, complete, { factor: positiveNumber, volatility: numberFrom(0, 1) });
  const { factor, volatility } = complete;
  return (params, { space, rng }) => {
    const turned = (value: number) => (rng.next() < 0.5 ? value * factor : value / factor);
    return mutateElements(space, params, {
      rng,
      real: (value, dimension) => moveInside(turned(value), dimension, { volatility, rng }),
      integer: (value) => {
        const moved = Math.round(turned(value));
        return moved === value ? value + (rng.next() < 0.5 ? 1 : -1) : moved;
      },
    });
  };
}

function pipeline(
  { explore_configs: configurations, ...rest }: Readonly<Record<string, unknown>>,
  where: string,
): Explore {
  refuseUnknown(rest, {}, where);
  const steps = readSteps(configurations, `${where}: explore_configs`, readExplore);
  return (params, tools) => steps.reduce((current, step) => step(current, tools), params);
}
